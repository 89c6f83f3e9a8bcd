import {accessFaults} from './access-faults.ts';
import type {Fault} from './fault.ts';
import {linkFaults} from './link-faults.ts';
import {scriptFaults} from './script-faults.ts';
import {stateFaults} from './state-faults.ts';

/** In the order of the table. */
export const allFaults: readonly Fault[] = [...scriptFaults, ...stateFaults, ...accessFaults, ...linkFaults];
