import {hiddenFrom} from '../../diagnosis/access-rules.ts';
import type {ConsoleState} from '../../store/store.ts';

/** What this user may not run, and what that hides from a check. */
export type Access = {
	readonly mayNotRun: readonly {readonly command: string; readonly reason: string; readonly hides: string}[];
	/** Commands of the console's actions. Null: a server before 7.0, or this user, does not tell. */
	readonly mayNotAct: readonly string[] | null;
};

export function accessOf({snapshot}: ConsoleState): Access {
	const {permissions, queueSearch} = snapshot;
	return {
		mayNotRun: [
			...hiddenFrom(snapshot).map(({command, reason, what}) => ({command, reason, hides: what})),
			...queueSearch.unknown.map(({command, reason}) => ({command, reason, hides: 'job queues'})),
		],
		mayNotAct: permissions.data ? [...permissions.data].flatMap(([command, isAllowed]) => (isAllowed ? [] : [command])) : null,
	};
}
