import {clientKill} from './client-kill.ts';
import {clientUnblock} from './client-unblock.ts';
import {scriptKill} from './script-kill.ts';
import {scriptRaiseLimit} from './script-raise-limit.ts';
import type {AnyAction} from './types.ts';

/** Every action of the program's own: palette, footer, documents and contract tests are made from it. */
export const builtInActions: readonly AnyAction[] = [scriptKill, scriptRaiseLimit, clientKill, clientUnblock];

/** Those and the operator's own (`hook.NAME`). */
export type Registry = {readonly all: readonly AnyAction[]; readonly byId: (id: string) => AnyAction | undefined};

export function registryOf(own: readonly AnyAction[] = []): Registry {
	const all = [...builtInActions, ...own];
	return {all, byId: id => all.find(action => action.id === id)};
}
