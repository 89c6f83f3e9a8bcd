import type {AnyAction} from '../types.ts';
import {scriptKill} from './script-kill.ts';
import {scriptRaiseLimit} from './script-raise-limit.ts';

/** What runs now. */
export const scriptActions: readonly AnyAction[] = [scriptKill, scriptRaiseLimit];
