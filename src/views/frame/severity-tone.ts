import type {Severity} from '../../store/finding.ts';
import type {Tone} from '../kit/line.ts';

/** Beside the word, never instead of it. */
export const severityTone: Readonly<Record<Severity, Tone>> = {P0: 'bad', P1: 'warn', P2: 'info'};
