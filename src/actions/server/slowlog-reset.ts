import {parseSlowlog, type SlowlogEntry} from '../../redis/parse/slowlog.ts';
import type {ConsoleState} from '../../store/store.ts';
import {commandText} from '../../text/command-text.ts';
import {formatClock, formatCount, formatMicros, plural} from '../../text/format.ts';
import {mayRun, serverAnswers} from '../checks.ts';
import {defineAction} from '../define-action.ts';
import {ask, type Reading} from '../trips.ts';
import type {Refusal} from '../types.ts';

type Target = {
	/** Newest first, as far as they were read. */
	readonly entries: readonly SlowlogEntry[];
	readonly length: number;
};

/** As many as the console shows; a log may be made longer than that. */
const exportedEntries = 128;
/** The server cuts each argument after 128 bytes, and has up to 32 of them. */
const longestCommand = 240;

/** Begin the slowlog anew, with what was in it kept on this side. */
export const slowlogReset = defineAction<Target>({
	id: 'slowlog.reset',
	title: 'Empty the slowlog',
	danger: 'disruptive',
	pane: 'scripts',
	doc: {
		sends: 'SLOWLOG RESET',
		does: 'empties the slowlog; its newest 128 entries go to timeline and audit log first',
		cost: 'below 1 ms',
		verify: 'the entries that were there are gone',
		undo: 'none: what was in it is in the audit log',
	},

	target: () => ({entries: [], length: 0}),
	prepare: readSlowlog,

	facts: ({entries, length}) => [
		['slowlog', `${formatCount(length)} ${length === 1 ? 'entry' : 'entries'}, ${timesOf(entries)}`],
		['kept', `${formatCount(entries.length)} of them, in timeline and audit log; secrets are masked`],
	],

	checks: ({entries}, now) => [
		serverAnswers(now),
		{label: 'nothing came since it was read', ok: !hasNewer(entries[0], now), reason: 'New entries since this was read: leave, and open it again'},
		mayRun(now, 'SLOWLOG RESET'),
	],
	plan: () => [['SLOWLOG', 'RESET']],
	effect: ({entries, length}) => [
		'the log is empty, for everybody who looks at this server; it fills again with what is slow from now on',
		...(length > entries.length ? [`${formatCount(length - entries.length)} older entries are not exported: only the newest ${exportedEntries} are read`] : []),
	],
	affects: () => 'whoever looks at the slowlog',
	cost: () => 'below 1 ms',
	evidence: ['slowlog'],

	verify({entries}, {replies: [reply]}, {snapshot: {slowlog}}) {
		if (reply !== 'OK') return {ok: false, detail: `the server replied ${String(reply)}`, isFinal: true};
		const newest = entries[0];
		const left = slowlog.data?.entries.filter(({id, atMs}) => newest !== undefined && id <= newest.id && atMs <= newest.atMs);
		if (!left) return {ok: false, detail: 'the slowlog could not be read again'};
		return left.length === 0
			? {ok: true, detail: 'the slowlog is empty but for what was slow since'}
			: {ok: false, detail: `${left.length} of its entries are still there`};
	},

	undo: () => ({none: 'cannot be undone: what was in it is in timeline and audit log'}),
	exports: ({entries}) => ({title: `Slowlog before it was emptied: ${formatCount(entries.length)} entries`, lines: entries.map(entryLine)}),
});

/** They would be kept nowhere. Ids begin anew with the server, so the time counts too; what the console shows may be older than what was read. */
const hasNewer = (read: SlowlogEntry | undefined, {snapshot}: ConsoleState): boolean =>
	read !== undefined && (snapshot.slowlog.data?.entries ?? []).some(({id, atMs}) => id > read.id || atMs > read.atMs);

function* readSlowlog(): Reading<Target | Refusal> {
	const [length, entries] = yield* ask([
		['SLOWLOG', 'LEN'],
		['SLOWLOG', 'GET', String(exportedEntries)],
	]);
	const refused = [length, entries].find(reply => reply instanceof Error);
	if (refused instanceof Error) return {refused: `What is in the slowlog could not be read, so it is not emptied: ${refused.message}`};
	const parsed = parseSlowlog(entries).entries;
	return parsed.length === 0 ? {refused: 'The slowlog is empty already'} : {entries: parsed, length: Math.max(Number(length), parsed.length)};
}

function timesOf(entries: readonly SlowlogEntry[]): string {
	const slowest = entries.reduce((most, {durationMicros}) => Math.max(most, durationMicros), 0);
	return `from ${formatClock(entries.at(-1)?.atMs)} to ${formatClock(entries[0]?.atMs)}, the slowest took ${formatMicros(slowest)}`;
}

/** `14:03:22Z 12.0 ms HGETALL session:12 (10.0.0.1:5000 worker-1)` */
function entryLine({atMs, durationMicros, args, omittedArgs, clientAddress, clientName}: SlowlogEntry): string {
	const text = commandText(args);
	const cut = text.length > longestCommand ? `${text.slice(0, longestCommand)}…` : text;
	const more = omittedArgs > 0 ? ` and ${plural(omittedArgs, 'more argument')}` : '';
	const caller = [clientAddress, clientName].filter(word => word !== '').join(' ');
	return `${formatClock(atMs)} ${formatMicros(durationMicros)} ${cut}${more}${caller === '' ? '' : ` (${caller})`}`;
}
