import type {ConfirmRequest} from '../../store/dialog.ts';
import type {ActionFlags} from '../flag-action.ts';

/** What stands for the answer to the dialog: `yes`, a word to be typed, or nothing at all. */
export type Wanted = 'none' | 'yes' | `word:${string}`;

export function wantedFor({danger, isProduction, word}: Pick<ConfirmRequest, 'danger' | 'isProduction' | 'word'>): Wanted {
	if (word !== undefined) return `word:${word}`;
	return danger === 'safe' && !isProduction ? 'none' : 'yes';
}

/** Do the flags say yes to this? If not: in one line, why not and what would run it. `name`: of the target, the word of every dialog. */
export function whyNotConfirmed(wanted: Wanted, {yes, confirm}: Pick<ActionFlags, 'yes' | 'confirm'>, name: string): string | undefined {
	if (confirm !== undefined && confirm !== name) return `redis-triage: not run, nothing was sent: --confirm must be ${name}, the name of the target`;
	if (wanted === 'none' || confirm !== undefined || (wanted === 'yes' && yes)) return undefined;
	if (wanted === 'yes') return 'redis-triage: not run, nothing was sent: --yes runs it';
	return `redis-triage: not run, nothing was sent: ${yes ? 'it is destructive, so --yes is not enough: ' : ''}--confirm ${name} runs it`;
}
