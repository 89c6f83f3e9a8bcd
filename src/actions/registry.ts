import {clientKill} from './client-kill.ts';
import {clientUnblock} from './client-unblock.ts';
import {scriptKill} from './script-kill.ts';
import {scriptRaiseLimit} from './script-raise-limit.ts';
import type {AnyAction} from './types.ts';

/** Every action there is: palette, footer, documents and contract tests are made from it. */
export const actions: readonly AnyAction[] = [scriptKill, scriptRaiseLimit, clientKill, clientUnblock];

export const actionById = (id: string): AnyAction | undefined => actions.find(action => action.id === id);
