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

/** ACL DRYRUN said so when the server still answered; without an answer it is not known, and the attempt will tell. */
export function mayRun({snapshot: {permissions}}: ConsoleState, command: string): Check {
	const ok = permissions.data?.get(command);
	return {label: `you may run ${command}`, ok, ...(ok === false ? {reason: `This user has no permission to run ${command}`} : {})};
}
