import type {ParsedClientList} from '../redis/parse/client-list.ts';
import {type GroupHistory, groupsOf, growingFastest} from '../store/client-groups.ts';
import {memoizeLatest} from '../store/memoize.ts';
import {isFull} from '../store/server-state.ts';
import type {Snapshot} from '../store/snapshot.ts';
import {formatCount, formatPercent} from '../text/format.ts';
import type {Rule} from './rule.ts';
import {atTarget} from './steps.ts';
import {hysteresisRatio} from './thresholds.ts';

const connecting = ['every client that wants to connect'] as const;

/** States in which the server answers and which hide MAXCLIENTS in the badge; full is full. */
const masking: ReadonlySet<string> = new Set(['OOM', 'MISCONF', 'NOREPLICAS', 'CLUSTERDOWN', 'MASTERDOWN', 'LOADING']);

/** Every slot is taken: new connections are refused, those inside work on. */
const clientsMaxed: Rule = {
	id: 'clients.maxed',
	judge({state: {snapshot, session}}) {
		const isFullInside =
			masking.has(snapshot.server.kind) && snapshot.contact.link === 'open' && snapshot.info.data !== undefined && isFull(snapshot.info.data);
		if (snapshot.server.kind !== 'MAXCLIENTS' && !isFullInside) return undefined;
		const {connectedClients, maxClients, rejectedPerSecond} = snapshot.vitals;
		const isOutside = snapshot.contact.link !== 'open';
		return {
			severity: 'P0',
			title: isOutside
				? 'No connection is free: the server refuses this console too'
				: `All ${formatCount(maxClients)} connections are taken: new ones are refused`,
			evidence: isOutside
				? snapshot.server.detail
				: [`${formatCount(connectedClients)} connected`, rejected(rejectedPerSecond), largestGroup(snapshot)].filter(text => text !== '').join('; '),
			meaning: [
				'Clients that are connected work on; every new connection is closed with an error.',
				isOutside
					? 'The console tries again every second and takes the first connection that becomes free.'
					: 'Close connections that nobody uses, then find out who opens them.',
			],
			components: connecting,
			// From outside nothing can be sent.
			remedies: isOutside ? [] : ['client.kill', 'config.maxclients', 'config.timeout'],
			...(isOutside ? {steps: fromOutside.map(step => atTarget(step, session.target.address))} : {}),
			over: 'connected clients are below maxclients and no connection is refused',
		};
	},
};

const clientsHigh: Rule = {
	id: 'clients.high',
	judge({state: {snapshot}, thresholds, isStanding}) {
		const {connectedClients, maxClients} = snapshot.vitals;
		// Without a connection the last figures say nothing of now: clients leave a server that is down.
		const isKnown = snapshot.contact.link === 'open' && snapshot.server.kind !== 'MAXCLIENTS';
		if (!isKnown || connectedClients === undefined || !maxClients) return undefined;
		const limit = thresholds.clientsHighRatio * (isStanding ? hysteresisRatio : 1);
		const share = connectedClients / maxClients;
		if (share < limit) return undefined;
		return {
			severity: 'P1',
			title: `${formatPercent(share)} of all connections are taken`,
			evidence: [`${formatCount(connectedClients)} of ${formatCount(maxClients)}`, largestGroup(snapshot)].filter(text => text !== '').join('; '),
			meaning: [
				'At maxclients every new connection is refused, health checks and this console included.',
				'A group that only grows is a leak: its program opens connections and does not close them.',
			],
			components: connecting,
			remedies: ['client.kill', 'config.maxclients', 'config.timeout'],
			over: `connected clients stay below ${formatPercent(thresholds.clientsHighRatio)} of maxclients`,
		};
	},
};

/** A full server takes no command of anybody who is not connected yet, redis-cli on its own machine included. */
const fromOutside = [
	'On the server’s host: ss -tn state established sport = :PORT shows which addresses hold the connections; the one with far too many leaks them',
	'Stop or restart that program, or any that can be spared: its connections become free, and this console takes the first one',
	'Only an application that is connected can send CONFIG SET maxclients now',
] as const;

const rejected = (perSecond: number | undefined): string => (perSecond ? `${formatCount(Math.ceil(perSecond))} refused a second` : '');

const largestGroup = ({clients, clientGroups}: Snapshot): string => describeLargest(clients.data ?? nobody, clientGroups, clients.updatedAtMs ?? 0);

const nobody: ParsedClientList = {clients: [], rejectedCount: 0, rejected: []};

/** The largest group by name, or by address where clients have no names. Asked several times a second, new only with a new list. */
const describeLargest = memoizeLatest((list: ParsedClientList, history: GroupHistory, atMs: number): string => {
	const names = groupsOf(list, 'name', history, atMs).filter(({key}) => key !== '');
	const [byName] = names;
	const byAddress = groupsOf(list, 'address', history, atMs)[0];
	const group = byName && byAddress && byName.count * 2 < byAddress.count ? byAddress : (byName ?? byAddress);
	if (!group) return '';
	const growth = group.growthPerMinute !== undefined && group.growthPerMinute >= 1 ? `, ${formatCount(group.growthPerMinute)} more a minute` : '';
	const fastest = growingFastest(names);
	const other =
		fastest && fastest.key !== group.key ? `; ${fastest.key} (${formatCount(fastest.count)}) grows by ${formatCount(fastest.growthPerMinute)} a minute` : '';
	return `largest group ${group.key} with ${formatCount(group.count)}${growth}${other}`;
});

export const clientRules: readonly Rule[] = [clientsMaxed, clientsHigh];
