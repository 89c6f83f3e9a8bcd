import {clientActions} from './clients/clients-actions.ts';
import {keyActions} from './keys/keys-actions.ts';
import {queueActions} from './queues/queues-actions.ts';
import {scriptActions} from './scripts/scripts-actions.ts';
import {sentinelActions} from './sentinel/sentinel-actions.ts';
import {serverActions} from './server/server-actions.ts';
import {settingActions} from './settings/settings-actions.ts';
import type {AnyAction} from './types.ts';

/** Every action of the program's own: palette, footer, documents and contract tests are made from it. */
export const builtInActions: readonly AnyAction[] = [
	...scriptActions,
	...serverActions,
	...clientActions,
	...settingActions,
	...keyActions,
	...queueActions,
	...sentinelActions,
];

/** Those and the operator's own (`hook.NAME`). */
export type Registry = {readonly all: readonly AnyAction[]; readonly byId: (id: string) => AnyAction | undefined};

export function registryOf(own: readonly AnyAction[] = []): Registry {
	const all = [...builtInActions, ...own];
	return {all, byId: id => all.find(action => action.id === id)};
}
