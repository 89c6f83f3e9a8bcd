import type {Clock} from '../clock.ts';
import {NotSentError} from '../errors.ts';
import type {ConnectFailure} from './connect-failure.ts';
import {Link} from './link.ts';
import {address, type SentinelAccess, type Target, type TcpEndpoint, type TlsSettings} from './target.ts';

/** How to get into the Sentinels of one master. */
export type SentinelOptions = {
	readonly access: SentinelAccess;
	/** That of the server itself: who encrypts the one encrypts the other. */
	readonly tls: TlsSettings | undefined;
	/** What CLIENT LIST calls the connection; no blanks. */
	readonly name: string;
	readonly clock: Clock;
	/** Ends what is under way: what was sent is then a lost reply. */
	readonly signal?: AbortSignal;
};

/** TCP, TLS and the login together; a reply has a deadline of its own. */
const connectForMs = 1500;
const stepMs = 50;
/** A Sentinel answers at once, or something is wrong with it. */
export const sentinelReplyMs = 1500;

/**
 * One short connection to one Sentinel, closed when `use` has ended. Rejects with NotSentError where it cannot be had in time, with why;
 * else as `use` does.
 */
export async function withSentinel<T>(endpoint: TcpEndpoint, options: SentinelOptions, use: (link: Link) => Promise<T>): Promise<T> {
	const {name, clock, signal} = options;
	// A signal that is aborted already tells no listener.
	if (signal?.aborted) throw leftBefore();
	const link = new Link({target: sentinelTarget(endpoint, options), name, clock});
	const close = () => link.close();
	signal?.addEventListener('abort', close, {once: true});
	try {
		link.open();
		await standing(link, clock, signal);
		return await use(link);
	} finally {
		signal?.removeEventListener('abort', close);
		close();
	}
}

/** A Sentinel as a server to connect to. */
export function sentinelTarget(endpoint: TcpEndpoint, {access: {username, password}, tls}: Pick<SentinelOptions, 'access' | 'tls'>): Target {
	return {name: address(endpoint), endpoint, username, password, db: 0, tls, environment: undefined};
}

const settledKinds: ReadonlySet<string> = new Set(['open', 'broken', 'closed']);

const leftBefore = () => new NotSentError('left before anything was sent to it');

/** Resolves when the link is open. Rejects with NotSentError, and why, when it is broken or has had its time. */
export async function standing(link: Link, clock: Clock, signal: AbortSignal | undefined, patienceMs = connectForMs): Promise<void> {
	const ended = new AbortController();
	const look = () => {
		if (settledKinds.has(link.status.kind)) ended.abort();
	};
	const unsubscribe = link.subscribe(look);
	look();
	// In small steps: a program that is itself held up, as at its start, must not blame the other side.
	for (let waitedMs = 0; waitedMs < patienceMs && !ended.signal.aborted; waitedMs += stepMs) await clock.sleep(stepMs, ended.signal);
	unsubscribe();
	if (signal?.aborted) throw leftBefore();
	const {status} = link;
	if (status.kind === 'broken') throw new NotSentError(failureText(status.failure));
	if (status.kind === 'greeting') throw new NotSentError(`it takes connections and does not answer${withinText(patienceMs)}`);
	if (status.kind !== 'open') throw new NotSentError(`no connection${withinText(patienceMs)}`);
}

/** One that is not waited for has not been given any time. */
const withinText = (patienceMs: number): string => (patienceMs === 0 ? '' : ` in ${patienceMs} ms`);

/** The server's own words on a missing password tell how HELLO is called. */
function failureText({kind, detail}: ConnectFailure): string {
	return kind === 'noauth' ? 'it wants a password: give it in the sentinel section of the target, in the config file' : detail;
}
