import {grantLines, rulesToAct, rulesToLook} from '../../diagnosis/grants.ts';
import {hiddenFrom} from '../../diagnosis/hidden.ts';
import {queuesAtMaster} from '../../store/snapshot.ts';
import type {ConsoleState} from '../../store/store.ts';

/** What this user may not run, and what that hides from a check. */
export type Access = {
	readonly mayNotRun: readonly {readonly command: string; readonly reason: string; readonly hides: string}[];
	/** Commands of the console's actions. Null: a server before 7.0, or this user, does not tell. */
	readonly mayNotAct: readonly string[] | null;
	/** What an administrator would type to allow the one and the other. Nothing of what the server itself has not got. */
	readonly grants: readonly string[];
};

export function accessOf({snapshot, session}: ConsoleState): Access {
	const {permissions, queueSearch} = snapshot;
	const hidden = hiddenFrom(snapshot);
	return {
		mayNotRun: [
			...hidden.map(({command, reason, what}) => ({command, reason, hides: what})),
			...queueSearch.unknown
				.filter(({command, reason}) => reason !== queuesAtMaster && hidden.every(one => one.command !== command))
				.map(({command, reason}) => ({command, reason, hides: 'job queues'})),
		],
		mayNotAct: permissions.data ? [...permissions.data].flatMap(([command, isAllowed]) => (isAllowed ? [] : [command])) : null,
		grants: [rulesToLook(snapshot), rulesToAct(snapshot)].flatMap(rules => grantLines(session.target.user ?? 'default', rules)),
	};
}
