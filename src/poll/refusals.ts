import {classifyError} from '../redis/parse/errors.ts';
import {failed, refused} from '../store/resource.ts';
import type {ProbeRefusal} from '../store/server-state.ts';
import type {Snapshot} from '../store/snapshot.ts';
import {resourceOf, type SourceName} from './sources.ts';

/** What a refused source is called on the screen. */
export const commandOf: Record<SourceName, string> = {
	info: 'INFO',
	settings: 'CONFIG GET',
	permissions: 'ACL DRYRUN',
	slowlog: 'SLOWLOG GET',
	clients: 'CLIENT LIST',
	functionStats: 'FUNCTION STATS',
	commandStats: 'INFO commandstats',
	scriptTexts: 'SCRIPT SHOW',
	largeCommands: 'COMMANDLOG GET',
	cluster: 'CLUSTER INFO',
};

/** Not a state that passes: this user may not run the command, or the server has none of that name. */
export function isLasting(message: string): boolean {
	const {kind} = classifyError(message);
	return kind === 'noperm' || kind === 'unknown-command';
}

/** The state of the server that an error reply names, if it names one. */
export function probeRefusal(message: string): ProbeRefusal | undefined {
	const kind = classifyError(message);
	switch (kind.kind) {
		case 'busy':
			return {kind: 'busy', running: kind.running, detail: message};
		case 'loading':
		case 'masterdown':
		case 'misconf':
		case 'noauth':
		case 'noperm':
			return {kind: kind.kind, detail: message};
		default:
			return undefined;
	}
}

/** A probe has been answered: by an error that names a state, or, without `refusal`, as it should be. */
export const withRefusal = (snapshot: Snapshot, refusal: ProbeRefusal | undefined, nowMs: number): Snapshot => ({
	...snapshot,
	contact: {...snapshot.contact, refusal, probedAtMs: nowMs},
});

/** A source has been answered by an error. A state of the server is not the fault of the source; a lasting refusal is remembered with its reason. */
export function withSourceRefused(snapshot: Snapshot, name: SourceName, message: string, nowMs: number): Snapshot {
	const resource = resourceOf(snapshot, name);
	if (isLasting(message)) return {...snapshot, [name]: refused(resource, commandOf[name], message)};
	const state = probeRefusal(message);
	return state ? withRefusal(snapshot, state, nowMs) : {...snapshot, [name]: failed(resource, message)};
}

/** Cheapest first, whatever it answers; a client that does not exist costs no list (before 6.2 a syntax error, which is an answer as well). */
const cheapReads: readonly (readonly [SourceName, readonly string[]])[] = [
	['slowlog', ['SLOWLOG', 'GET', '1']],
	['settings', ['CONFIG', 'GET', 'maxclients']],
	['permissions', ['ACL', 'WHOAMI']],
	['clients', ['CLIENT', 'LIST', 'ID', '0']],
];

/** The cheapest thing this user may read, as far as is known: it tells whether the server is still BUSY where PING and INFO may not. */
export function cheapRead(snapshot: Snapshot): {readonly name: SourceName; readonly argv: readonly string[]} | undefined {
	const [name, argv] = cheapReads.find(([one]) => !resourceOf(snapshot, one).refused) ?? [];
	return name && argv && {name, argv};
}

/** BUSY is over, and what a user without PING and INFO is told of the server is that again: why he may not look. */
export const withoutBusy = (snapshot: Snapshot, nowMs: number): Snapshot =>
	withRefusal(snapshot, snapshot.info.refused && probeRefusal(snapshot.info.refused.reason), nowMs);

/** A new connection may be a new user, or a server that has been repaired: what was refused is asked once more. */
export function forgetRefusals(snapshot: Snapshot): Snapshot {
	const names = Object.keys(commandOf) as SourceName[];
	const fresh = names.map(name => [name, {...resourceOf(snapshot, name), refused: undefined, failures: 0}] as const);
	return {...snapshot, ...(Object.fromEntries(fresh) as Pick<Snapshot, SourceName>)};
}
