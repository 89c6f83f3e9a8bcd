import {toCount} from './number.ts';
import {toPairs, toText} from './reply.ts';

/** A master as one Sentinel sees it (SENTINEL MASTER name; fields measured on 7.0). */
export type WatchedMaster = {
	/** `10.0.0.2:6379`, `[::1]:6379` */
	readonly address: string;
	/** `master`, `s_down`, `o_down`, `failover_in_progress`, `disconnected` … */
	readonly flags: readonly string[];
	/** Only while it fails over: `wait_promotion`, `reconf_slaves` … */
	readonly failoverState: string | undefined;
	readonly downAfterMs: number | undefined;
	/** How long it has been down in the eyes of this one; 0: it is not. */
	readonly downForMs: number;
	/** Since the oldest PING without a valid reply; 0: none is owed. What is refused with BUSY is no valid reply. */
	readonly pingOwedMs: number;
	/** Since the last valid reply to a PING, and since the last of any kind: where only the latter is fresh, it answers BUSY. */
	readonly lastOkPingMs: number | undefined;
	readonly lastPingMs: number | undefined;
	/** So many Sentinels must take it for down. */
	readonly quorum: number | undefined;
	/** Sentinels of it that this one knows besides itself. */
	readonly otherSentinels: number | undefined;
	/** A failover that has failed is tried again after twice this. */
	readonly failoverTimeoutMs: number | undefined;
	/** Rises with every failover: of two that differ, the higher one knows better. */
	readonly configEpoch: number;
};

/** A replica as one Sentinel sees it (SENTINEL REPLICAS name). */
export type WatchedReplica = {
	readonly address: string;
	readonly runId: string;
	readonly flags: readonly string[];
	/** 0: never to be promoted. */
	readonly priority: number | undefined;
	/** At its last INFO, which is up to 10 s old. */
	readonly offset: number | undefined;
	/** How long its link to the master has been down; 0: it is up. */
	readonly linkDownMs: number | undefined;
	readonly lastOkPingMs: number | undefined;
	readonly infoAgeMs: number | undefined;
};

/** Another Sentinel of the group (SENTINEL SENTINELS name). */
export type OtherSentinel = {readonly host: string; readonly port: number; readonly runId: string};

/** What one Sentinel said: replies in order, error replies as ServerRefusedErrors in their places; or why it said nothing. */
export type SentinelAnswer = {readonly node: string; readonly replies: readonly unknown[]} | {readonly node: string; readonly error: string};

/** Could a failover be decided and carried through as things are (SENTINEL CKQUORUM)? `words` are the Sentinel's own. */
export type QuorumCheck = {readonly isReached: boolean; readonly usable: number | undefined; readonly words: string};

/** Undefined where it says something else: it does not watch this master, or the command is refused. */
export function parseQuorumCheck(reply: unknown): QuorumCheck | undefined {
	const words = reply instanceof Error ? reply.message : toText(reply);
	const [, word, usable] = /^(OK|NOQUORUM)\b(?: (\d+))?/.exec(words ?? '') ?? [];
	return words === undefined || word === undefined ? undefined : {isReached: word === 'OK', usable: toCount(usable), words};
}

/** Undefined for whatever is no such reply, an error among it. */
export function parseWatchedMaster(reply: unknown): WatchedMaster | undefined {
	const fields = toFields(reply);
	const address = addressIn(fields);
	if (address === undefined) return undefined;
	const count = (name: string) => toCount(fields.get(name));
	return {
		address,
		flags: flagsIn(fields),
		failoverState: fields.get('failover-state'),
		downAfterMs: count('down-after-milliseconds'),
		downForMs: count('s-down-time') ?? 0,
		pingOwedMs: count('last-ping-sent') ?? 0,
		lastOkPingMs: count('last-ok-ping-reply'),
		lastPingMs: count('last-ping-reply'),
		quorum: count('quorum'),
		otherSentinels: count('num-other-sentinels'),
		failoverTimeoutMs: count('failover-timeout'),
		configEpoch: count('config-epoch') ?? 0,
	};
}

export function parseWatchedReplicas(reply: unknown): readonly WatchedReplica[] {
	return rowsOf(reply).flatMap(fields => {
		const address = addressIn(fields);
		const count = (name: string) => toCount(fields.get(name));
		if (address === undefined) return [];
		return {
			address,
			runId: fields.get('runid') ?? '',
			flags: flagsIn(fields),
			priority: count('slave-priority'),
			offset: count('slave-repl-offset'),
			linkDownMs: count('master-link-down-time'),
			lastOkPingMs: count('last-ok-ping-reply'),
			infoAgeMs: count('info-refresh'),
		};
	});
}

export function parseOtherSentinels(reply: unknown): readonly OtherSentinel[] {
	return rowsOf(reply).flatMap(fields => {
		const host = fields.get('ip') ?? '';
		const port = toCount(fields.get('port')) ?? 0;
		return host === '' || port === 0 ? [] : {host, port, runId: fields.get('runid') ?? ''};
	});
}

/** The names under which a Sentinel watches masters, from SENTINEL MASTERS. */
export const parseMasterNames = (reply: unknown): readonly string[] => rowsOf(reply).flatMap(fields => fields.get('name') ?? []);

type Fields = ReadonlyMap<string, string>;

const rowsOf = (reply: unknown): readonly Fields[] => (Array.isArray(reply) ? reply.map(toFields) : []);

const toFields = (reply: unknown): Fields => new Map([...toPairs(reply)].map(([name, value]) => [name, toText(value) ?? '']));

const flagsIn = (fields: Fields): readonly string[] => (fields.get('flags') ?? '').split(',').filter(flag => flag !== '');

function addressIn(fields: Fields): string | undefined {
	const host = fields.get('ip') ?? '';
	const port = toCount(fields.get('port')) ?? 0;
	if (host === '' || port === 0) return undefined;
	return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}
