import {classifyError} from '../redis/parse/errors.ts';
import {failed, refused} from '../store/resource.ts';
import type {ProbeRefusal} from '../store/server-state.ts';
import type {Snapshot} from '../store/snapshot.ts';
import {resourceOf, type SourceName} from './sources.ts';

/** What a refused source is called on the screen. */
const commandOf: Record<SourceName, string> = {
	info: 'INFO',
	settings: 'CONFIG GET',
	permissions: 'ACL DRYRUN',
	slowlog: 'SLOWLOG GET',
	clients: 'CLIENT LIST',
	functionStats: 'FUNCTION STATS',
	commandStats: 'INFO commandstats',
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

/** A new connection may be a new user, or a server that has been repaired: what was refused is asked once more. */
export function forgetRefusals(snapshot: Snapshot): Snapshot {
	const names = Object.keys(commandOf) as SourceName[];
	const fresh = names.map(name => [name, {...resourceOf(snapshot, name), refused: undefined, failures: 0}] as const);
	return {...snapshot, ...(Object.fromEntries(fresh) as Pick<Snapshot, SourceName>)};
}
