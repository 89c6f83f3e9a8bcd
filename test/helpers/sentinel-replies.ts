import {parseQuorumCheck, parseWatchedMaster, parseWatchedReplicas} from '../../src/redis/parse/sentinel.ts';
import {type SentinelWatch, withAnswers} from '../../src/store/sentinel-watch.ts';
import type {Sentinels} from '../../src/store/store.ts';
import type {StateParts} from './fixtures.ts';

export const nodes = ['10.0.3.1:26379', '10.0.3.2:26379', '10.0.3.3:26379'] as const;

type Fields = Readonly<Record<string, string>>;
const flat = (fields: Fields): readonly string[] => Object.entries(fields).flat();

/** SENTINEL MASTER of a healthy master at the address of the fixtures. */
export const masterReply = (change: Fields = {}): readonly string[] =>
	flat({name: 'shop', ip: '10.0.0.9', port: '6379', flags: 'master', 'down-after-milliseconds': '30000', 'config-epoch': '4', ...change});

/** A row of SENTINEL REPLICAS: one that could be promoted. */
export const replicaReply = (change: Fields = {}): readonly string[] =>
	flat({
		ip: '10.0.0.10',
		port: '6379',
		runid: 'b1',
		flags: 'slave',
		'last-ok-ping-reply': '120',
		'info-refresh': '900',
		'master-link-down-time': '0',
		'slave-priority': '100',
		'slave-repl-offset': '5000',
		...change,
	});

type Says = {
	readonly master?: Fields | Error;
	readonly replicas?: readonly (readonly string[])[];
	readonly quorum?: unknown;
	readonly address?: readonly string[];
};

/** What a Sentinel says to plain reads. */
export function sentinelSays({master = {}, replicas = [replicaReply()], quorum = 'OK 3 usable Sentinels.', address = ['10.0.0.9', '6379']}: Says = {}) {
	const said: Readonly<Record<string, unknown>> = {
		MASTER: master instanceof Error ? master : masterReply(master),
		REPLICAS: replicas,
		CKQUORUM: quorum,
		'GET-MASTER-ADDR-BY-NAME': address,
	};
	return ([, subcommand = '']: readonly string[]): unknown => said[subcommand];
}

/** A console that knows three Sentinels of its server, and what they see of it. */
export function watchedAs(change: Fields = {}): StateParts {
	const master = parseWatchedMaster(masterReply(change));
	const views: Sentinels['views'] = new Map(nodes.flatMap(node => (master ? [[node, master] as const] : [])));
	return {session: {sentinels: {master: 'shop', nodes, views}}};
}

export const watched = watchedAs();

type Sighted = {
	/** Of SENTINEL MASTER; one row a Sentinel. */
	readonly masters?: readonly Fields[];
	readonly replicas?: readonly (readonly string[])[];
	readonly quorum?: unknown;
	/** Since they were asked. */
	readonly agoMs?: number;
	/** Those that do not answer, of the three. */
	readonly silent?: number;
	readonly following?: string | undefined;
	/** Since so long those that reach no quorum have reached none. */
	readonly noQuorumForMs?: number;
};

/** What the console has of three Sentinels with a quorum of two, down-after 30 s. A PING owed is one that has had no valid reply. */
export function sightsAt(
	nowMs: number,
	{masters = [{}, {}, {}], replicas = [replicaReply()], quorum, agoMs = 0, silent = 0, noQuorumForMs = 10_000, ...rest}: Sighted = {},
) {
	const answers = nodes.map((node, index) =>
		index >= nodes.length - silent
			? {node, error: 'connection refused: nothing listens there'}
			: {
					node,
					atMs: nowMs - agoMs,
					master: parseWatchedMaster(masterReply({quorum: '2', 'last-ping-sent': '0', ...masters[index]})),
					replicas: parseWatchedReplicas(replicas),
					quorum: parseQuorumCheck(quorum ?? 'OK 3 usable Sentinels. Quorum and failover authorization can be reached'),
				},
	);
	const watch: SentinelWatch = {master: 'shop', following: '10.0.0.9:6379', latest: {address: '10.0.0.9:6379', epoch: 4}, sights: [], events: [], ...rest};
	return withAnswers(
		{...watch, sights: withAnswers(watch, answers).sights.map(sight => ({...sight, noQuorumSinceMs: sight.noQuorumSinceMs && nowMs - noQuorumForMs}))},
		answers,
	);
}

/** All three miss valid replies for so long. */
export const owed = (...ms: readonly number[]): readonly Fields[] => ms.map(owedMs => ({'last-ping-sent': String(owedMs)}));
