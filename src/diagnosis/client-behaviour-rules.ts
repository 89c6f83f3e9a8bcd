import {type Grouping, groupings} from '../redis/parse/client-grouping.ts';
import {isHeldUp} from '../redis/parse/client-kind.ts';
import type {ClientRow, ParsedClientList} from '../redis/parse/client-list.ts';
import {countThen, type GroupHistory} from '../store/client-groups.ts';
import {memoizeLatest} from '../store/memoize.ts';
import type {Snapshot} from '../store/snapshot.ts';
import {formatBytes, formatCount, formatSeconds, roughly} from '../text/format.ts';
import type {Rule} from './rule.ts';
import {hysteresisRatio, type Thresholds} from './thresholds.ts';

type Leak = {readonly grouping: Grouping; readonly key: string; readonly count: number; readonly perMinute: number};

/** Growth over a minute at least; and at half the pace or more in the last of it, or it was a start and no leak. */
const leastTrendMs = 60_000;
const longestTrendMs = 120_000;
const lastlyMs = 20_000;
/** A rate wanders more than a level does. */
const calmRatio = 0.5;

/** The groups that only grow. Where one leak shows in several groupings, the smallest group describes it best. */
function leaks(history: GroupHistory, thresholds: Thresholds, isStanding: boolean): readonly Leak[] {
	const last = history.at(-1);
	const earlier = last && history.find(({atMs}) => last.atMs - atMs <= longestTrendMs);
	const lately = last && history.findLast(({atMs}) => last.atMs - atMs >= lastlyMs);
	if (!last || !earlier || !lately || last.atMs - earlier.atMs < leastTrendMs) return [];
	const minutes = (last.atMs - earlier.atMs) / 60_000;
	const leastCount = thresholds.clientsLeakCount * (isStanding ? hysteresisRatio : 1);
	const leastPerMinute = thresholds.clientsLeakPerMinute * (isStanding ? calmRatio : 1);
	return groupings
		.flatMap(grouping =>
			[...last.counts[grouping]].map(([key, count]) => {
				// What was too small to be kept then has not grown from nothing: nobody knows how much it has.
				const perMinute = (count - (countThen(earlier, grouping, key) ?? count)) / minutes;
				const latelyPerMinute = (count - (countThen(lately, grouping, key) ?? count)) / ((last.atMs - lately.atMs) / 60_000);
				return {grouping, key, count, perMinute, isGrowing: isStanding || latelyPerMinute >= thresholds.clientsLeakPerMinute * calmRatio};
			}),
		)
		.filter(({key, count, perMinute, isGrowing}) => key !== '' && isGrowing && count >= leastCount && perMinute >= leastPerMinute)
		.sort((a, b) => a.count - b.count);
}

const clientsLeak: Rule = {
	id: 'clients.leak',
	needs: 'answers',
	judge({state: {snapshot}, thresholds, isStanding}) {
		const [leak] = leaks(snapshot.clientGroups, thresholds, isStanding);
		if (!leak) return undefined;
		return {
			severity: 'P1',
			title: `Connections of ${leak.grouping} ${leak.key} only grow: ${formatCount(leak.count)}, ${formatCount(leak.perMinute)} more a minute`,
			evidence: [untilFull(snapshot, leak), oldest(snapshot)].filter(text => text !== '').join('; '),
			meaning: [
				'A program opens connections and does not close them, or many copies of it are being started: this list cannot tell one from the other.',
				'At maxclients everybody else is turned away. Closing the idle ones gains time; the program has to be mended or started anew.',
			],
			components: [`${leak.grouping} ${leak.key}`, 'every client that wants to connect'],
			remedies: ['client.kill-idle', 'client.kill', 'config.timeout', 'config.maxclients'],
			over: `the group gains fewer than ${formatCount(thresholds.clientsLeakPerMinute * calmRatio)} connections a minute`,
		};
	},
};

function untilFull({vitals: {connectedClients, maxClients}}: Snapshot, {perMinute}: Leak): string {
	if (connectedClients === undefined || !maxClients) return '';
	const left = Math.max(0, maxClients - connectedClients);
	return `${formatCount(connectedClients)} of ${formatCount(maxClients)} connections are taken, at this rate all in about ${roughly((left / perMinute) * 60)}`;
}

function oldest({clients}: Snapshot): string {
	const idle = scan(clients.data ?? nobody).longestIdleSeconds;
	return idle === 0 ? '' : `the longest idle one for ${formatSeconds(idle)}`;
}

type Scan = {
	/** Clients that wait inside a command and are no workers waiting for jobs, by command, most first. */
	readonly blocked: readonly (readonly [command: string, count: number])[];
	readonly blockedCount: number;
	/** The one with most unread replies. */
	readonly largest: ClientRow | undefined;
	/** Among ordinary clients. */
	readonly longestIdleSeconds: number;
};

const nobody: ParsedClientList = {clients: [], rejectedCount: 0, rejected: []};

/** Asked several times a second, done once a list. */
const scan = memoizeLatest(({clients, whole}: ParsedClientList): Scan => {
	const blocked = new Map<string, number>();
	let largest: ClientRow | undefined;
	let longestIdleSeconds = 0;
	for (const row of clients) {
		if (row.kind === 'console') continue;
		if (isHeldUp(row)) blocked.set(row.lastCommand, (blocked.get(row.lastCommand) ?? 0) + 1);
		if (row.outputBufferBytes > (largest?.outputBufferBytes ?? 0)) largest = row;
		if (row.kind === 'normal') longestIdleSeconds = Math.max(longestIdleSeconds, row.idleSeconds);
	}
	const counts = [...(whole?.heldUp ?? blocked)].sort((a, b) => b[1] - a[1]);
	return {blocked: counts, blockedCount: counts.reduce((sum, [, count]) => sum + count, 0), largest, longestIdleSeconds};
});

const clientsBlocked: Rule = {
	id: 'clients.blocked',
	needs: 'answers',
	judge({state: {snapshot}, thresholds, isStanding}) {
		const list = snapshot.clients.data;
		if (!list) return undefined;
		const {blocked, blockedCount} = scan(list);
		if (blockedCount <= thresholds.clientsBlockedCount * (isStanding ? hysteresisRatio : 1)) return undefined;
		const commands = blocked.slice(0, 4).map(([command, count]) => `${command} ${formatCount(count)}`);
		return {
			severity: 'P1',
			title: `${formatCount(blockedCount)} clients are held up inside a command`,
			evidence: `${commands.join(', ')}${blocked.length > commands.length ? ' …' : ''}; workers that wait for jobs are not counted`,
			meaning: [
				'They wait and can do nothing else: in WAIT for replicas to acknowledge, or held up by somebody’s CLIENT PAUSE.',
				'WAIT without a timeout lasts until enough replicas have answered: look at the replicas first.',
			],
			components: ['the clients held up'],
			remedies: ['client.unblock', 'client.kill'],
			over: `at most ${formatCount(thresholds.clientsBlockedCount)} clients are held up`,
		};
	},
};

const clientsOutputBuffer: Rule = {
	id: 'clients.output-buffer',
	needs: 'answers',
	judge({state: {snapshot}, thresholds, isStanding}) {
		const {largest} = scan(snapshot.clients.data ?? nobody);
		if (!largest || largest.outputBufferBytes < thresholds.clientsOutputBufferBytes * (isStanding ? hysteresisRatio : 1)) return undefined;
		const {id, address, name, kind, lastCommand, outputBufferBytes} = largest;
		return {
			severity: 'P2',
			title: `Client ${name === '' ? address : name} does not read its replies: ${formatBytes(outputBufferBytes)} wait for it`,
			evidence: `id ${id}, ${address}, ${kind}, last command ${lastCommand}; ${hardLimit(snapshot, largest)}`,
			meaning: [
				'What a client has not read is kept in the server’s memory, and counts towards maxmemory.',
				kind === 'replica'
					? 'This one is a replica: it is slow, or far behind.'
					: 'It is slow, stuck, or asks for more than it can take: a subscriber, MONITOR, a huge reply.',
			],
			components: [name === '' ? address : name, 'every client that writes'],
			remedies: ['client.kill'],
			over: `no client has ${formatBytes(thresholds.clientsOutputBufferBytes)} of unread replies`,
		};
	},
};

/** The classes as `client-output-buffer-limit` names them; a replica was a slave when that was written. */
const limitClasses: Partial<Record<ClientRow['kind'], string>> = {replica: 'slave', subscriber: 'pubsub'};

/** `normal 0 0 0 slave 268435456 67108864 60 pubsub 33554432 8388608 60`: class, hard limit, soft limit, seconds. */
function hardLimit({settings}: Snapshot, {kind}: ClientRow): string {
	const words = settings.data?.get('client-output-buffer-limit')?.split(' ') ?? [];
	const bytes = Number(words[words.indexOf(limitClasses[kind] ?? 'normal') + 1] ?? Number.NaN);
	if (Number.isNaN(bytes)) return 'the limit at which the server closes it is not known';
	return bytes === 0 ? 'no limit is set at which the server would close it' : `the server closes it at ${formatBytes(bytes)}`;
}

export const clientBehaviourRules: readonly Rule[] = [clientsLeak, clientsBlocked, clientsOutputBuffer];
