import type {Check} from '../store/dialog.ts';
import type {StateKind} from '../store/server-state.ts';
import type {ConsoleState} from '../store/store.ts';

const unusable: Partial<Record<StateKind, string>> = {
	CONNECTING: 'There is no connection yet',
	DOWN: 'The server is down',
	UNREACHABLE: 'The server cannot be reached',
	NOAUTH: 'The server wants a password first',
	WRONGPASS: 'The server has refused the password',
	SILENT: 'The server does not answer: whatever is sent now is executed at some later moment',
	BUSY: 'The server is BUSY and refuses this: stop the script first',
};

/** The server would take an ordinary administrative command now. */
export function serverAnswers({snapshot: {server}}: ConsoleState): Check {
	const reason = unusable[server.kind];
	return {label: 'the server answers', ok: reason === undefined, ...(reason === undefined ? {} : {reason})};
}

const unwritable: Partial<Record<StateKind, string>> = {
	LOADING: 'The server is still loading its dataset',
	MASTERDOWN: 'This is a replica that has lost its master, and is set to answer nothing without it',
	MISCONF: 'It takes no writes (MISCONF): it cannot save to disk',
	NOREPLICAS: 'It takes no writes (NOREPLICAS): fewer replicas are in sync than min-replicas-to-write',
	CLUSTERDOWN: 'The cluster is down (CLUSTERDOWN): no key can be read or written',
	READONLY: 'It is a replica and takes no writes: act on its master',
};

/** The server would take a command that writes keys now (facts D). */
export function takesWrites({snapshot: {server, info}}: ConsoleState): Check {
	const isReplica = info.data?.role === 'replica' && info.data.replicaReadOnly !== false;
	const reason = unwritable[server.kind] ?? (isReplica ? unwritable.READONLY : undefined);
	return {label: 'the server takes writes', ok: reason === undefined, ...(reason === undefined ? {} : {reason})};
}

/** What takes more than a look at the server itself is refused while it loads, and by a replica that answers nothing without its master (facts D). */
export function takesWork({snapshot: {server}}: ConsoleState): Check {
	const isAway = server.kind === 'LOADING' || server.kind === 'MASTERDOWN';
	const reason = isAway ? unwritable[server.kind] : undefined;
	return {label: 'its data are there', ok: reason === undefined, ...(reason === undefined ? {} : {reason})};
}

/** ACL DRYRUN said so when the server still answered; without an answer it is not known, and the attempt will tell. */
export function mayRun({snapshot: {permissions}}: ConsoleState, command: string): Check {
	const ok = permissions.data?.get(command);
	return {label: `you may run ${command}`, ok, ...(ok === false ? {reason: `This user has no permission to run ${command}`} : {})};
}
