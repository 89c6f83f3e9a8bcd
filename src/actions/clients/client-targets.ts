import type {ClientRow} from '../../redis/parse/client-list.ts';
import type {WholeClientList} from '../../redis/parse/client-scan.ts';
import type {Check, ConfirmRequest, Plan} from '../../store/dialog.ts';
import {clientItems, clientsOf, wholeGroupCount} from '../../store/lists/client-list.ts';
import {selectedItem} from '../../store/lists/pane-lists.ts';
import {memoizeOn} from '../../store/memoize.ts';
import type {Snapshot} from '../../store/snapshot.ts';
import type {ConsoleState} from '../../store/store.ts';
import {formatCount, formatSeconds} from '../../text/format.ts';
import {listBatch} from '../list-batch.ts';
import {type Choice, isRefusal, type Refusal} from '../types.ts';

/** A client frozen by its id: ids are never used again while the server runs, so it cannot become another one. */
export type ClientTarget = {
	readonly id: string;
	readonly address: string;
	readonly name: string;
	readonly lastCommand: string;
	readonly idleSeconds: number;
	readonly ageSeconds: number;
	readonly kind: ClientRow['kind'];
};

/** Is it still there, and still the same one? A server that has been restarted counts its ids from the beginning again. */
export function isListed({clients}: Snapshot): (target: Pick<ClientTarget, 'id' | 'address'>) => boolean {
	const ids = clients.data?.whole?.ids;
	// Of a list too long to be kept only the ids are known of all. It is of this connection (listIsCurrent), hence of the same process.
	if (ids) return ({id}) => hasId(ids, Number(id));
	const rows = clients.data?.clients ?? nobody;
	return ({id, address}) => rowOf(rows, id)?.address === address;
}

const nobody: readonly ClientRow[] = [];

/** The row of a client; undefined where it is not listed. */
export const rowOf = (rows: readonly ClientRow[], id: string): ClientRow | undefined => byId(rows).get(id);

/** Once a list: whether what is chosen is still there is asked for every key. */
const byId = memoizeOn((rows: readonly ClientRow[]): ReadonlyMap<string, ClientRow> => new Map(rows.map(row => [row.id, row])));

function hasId(ids: Float64Array, id: number): boolean {
	let [from, to] = [0, ids.length];
	while (from < to) {
		const middle = (from + to) >> 1;
		if ((ids[middle] ?? 0) < id) from = middle + 1;
		else to = middle;
	}
	return ids[from] === id;
}

/** The list of clients was read over the connection that stands now; one from before it may be another process's. */
export function listIsCurrent({snapshot: {clients, contact}}: ConsoleState): Check {
	const ok = clients.updatedAtMs !== undefined && clients.updatedAtMs >= contact.linkSinceMs;
	return {label: 'the list is of this connection', ok, reason: 'The list of clients is from before the connection was made anew: wait for the next one'};
}

/** Those that were named, else the marked clients, else those of the row under the cursor. The console and its like are no targets. */
export function chosenClients(state: ConsoleState, {on}: Choice): readonly ClientTarget[] | Refusal {
	const rows = state.snapshot.clients.data?.clients;
	if (!rows) return {refused: state.snapshot.clients.refused?.reason ?? 'The client list has not been read yet'};
	const chosen = on.length > 0 ? namedClients(rows, on, state.snapshot.clients.data?.whole) : shownClients(state, rows);
	if (isRefusal(chosen)) return chosen;
	const targets = chosen.filter(row => row.kind !== 'console' && !state.session.ownClientIds.has(row.id));
	if (targets.length === 0) return {refused: 'This is a console: it does not close itself or its like'};
	return targets.map(toTarget);
}

export const toTarget = ({id, address, name, lastCommand, idleSeconds, ageSeconds, kind}: ClientRow): ClientTarget => ({
	id,
	address,
	name,
	lastCommand,
	idleSeconds,
	ageSeconds,
	kind,
});

function namedClients(rows: readonly ClientRow[], ids: readonly string[], whole: WholeClientList | undefined): readonly ClientRow[] | Refusal {
	const strange = ids.find(id => !/^\d{1,20}$/.test(id));
	if (strange !== undefined) return {refused: '--on must be the id of a client, a number: CLIENT LIST and the Clients pane have it'};
	const chosen = rows.filter(({id}) => ids.includes(id));
	const missing = ids.filter(id => !chosen.some(row => row.id === id));
	const unlisted = missing.find(id => whole?.ids && hasId(whole.ids, Number(id)));
	if (whole && unlisted !== undefined)
		return {refused: `Client ${unlisted} is one of ${formatCount(whole.count)}, and not among the ${formatCount(rows.length)} that are listed`};
	return missing.length > 0 ? {refused: `There is no client ${missing.join(', ')}`} : chosen;
}

function shownClients(state: ConsoleState, rows: readonly ClientRow[]): readonly ClientRow[] | Refusal {
	const {markedClientIds} = state.ui;
	const marked = markedClientIds.size > 0;
	const item = selectedItem(state, 'clients', clientItems(state));
	const chosen = marked ? markedRows(rows, markedClientIds) : item ? clientsOf(state, item) : [];
	if (chosen.length > 0) return chosen;
	if (!marked && item?.kind === 'group')
		return {refused: `None of the ${formatCount(item.group.count)} clients of this group is among the ${formatCount(rows.length)} that are listed`};
	return marked ? {refused: 'The marked clients have gone'} : {refused: 'Select a client first, or mark some with m', needsChoice: true};
}

const markedRows = memoizeOn((rows: readonly ClientRow[], marks: ReadonlySet<string>) => rows.filter(({id}) => marks.has(id)));

/** Of a list too long to be kept a group has more clients than can be chosen. */
export function groupFacts(targets: readonly ClientTarget[], state: ConsoleState): ConfirmRequest['facts'] {
	const count = wholeGroupCount(state, new Set(targets.map(({id}) => id)));
	if (count === undefined || count <= targets.length) return [];
	const which = state.ui.panes.clients.filter === '' ? 'those that are listed' : 'those that are listed and pass the filter';
	return [['listed', `${formatCount(targets.length)} of ${formatCount(count)} in the group, ${which}`]];
}

/** Who it is, or how many and of which sort. */
export function clientFacts(targets: readonly ClientTarget[]): ConfirmRequest['facts'] {
	const [first] = targets;
	if (!first) return [];
	if (targets.length === 1) {
		return [
			['client', [`id ${first.id}`, first.address, first.name].filter(text => text !== '').join('  ')],
			['doing', `${first.lastCommand}, idle ${formatSeconds(first.idleSeconds)}${kindNote(first)}`],
		];
	}
	const kinds = countBy(targets, target => target.kind);
	return [
		['clients', `${formatCount(targets.length)}: ${kinds}`],
		['from', countBy(targets, target => target.address.replace(/:\d+$/, ''))],
		['last', countBy(targets, target => target.lastCommand)],
		['idle', `${range(targets.map(({idleSeconds}) => idleSeconds))}, connected for ${range(targets.map(({ageSeconds}) => ageSeconds))}`],
	];
}

const kindNotes: Record<ClientRow['kind'], string> = {
	normal: '',
	'blocked-worker': ': a worker waiting for jobs',
	replica: ': a REPLICA',
	master: ': the MASTER',
	subscriber: ': a subscriber',
	monitor: ': a monitor',
	console: ': a console',
};

const kindNote = ({kind}: ClientTarget): string => kindNotes[kind];

function range(seconds: readonly number[]): string {
	// By spreading them a hundred thousand would be more arguments than V8 takes.
	const least = seconds.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
	const most = seconds.reduce((a, b) => Math.max(a, b), 0);
	return least === most ? `all ${formatSeconds(least)}` : `${formatSeconds(least)} to ${formatSeconds(most)}`;
}

const shownGroups = 3;

/** `normal 611, replica 2`: largest first, the tail as a number. */
export function countBy<T>(targets: readonly T[], key: (target: T) => string): string {
	const counts = new Map<string, number>();
	for (const target of targets) counts.set(key(target), (counts.get(key(target)) ?? 0) + 1);
	const groups = [...counts].sort((a, b) => b[1] - a[1]);
	const shown = groups.slice(0, shownGroups).map(([name, count]) => `${name} ${formatCount(count)}`);
	return [...shown, ...(groups.length > shownGroups ? [`${groups.length - shownGroups} more`] : [])].join(', ');
}

/** Each CLIENT KILL ID walks through the list of clients; with 10,000 of them it takes some 20 µs (facts B). */
export const microsPerKill = 20;

export const killBatch = (plan: Plan) =>
	listBatch({unit: 'clients', plan, microsEach: microsPerKill, skippedBecause: reply => (reply === 1 ? undefined : 'gone by itself')});

/** The programs behind the connections, as far as their names and addresses tell. */
export function whoNotices(targets: readonly ClientTarget[]): string {
	const [first] = targets;
	if (targets.length === 1 && first) return first.name === '' ? `the program behind ${first.address}` : first.name;
	return countBy(targets, target => (target.name === '' ? target.address.replace(/:\d+$/, '') : target.name.replace(/\d+$/, '*')));
}
