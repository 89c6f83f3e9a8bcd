import {parseWatchedMaster, type SentinelAnswer} from '../../redis/parse/sentinel.ts';
import type {Plan} from '../../store/dialog.ts';
import type {ConsoleState} from '../../store/store.ts';
import {defineAction} from '../define-action.ts';
import {changedSince, onlyFrom} from '../params.ts';
import {askSentinels, type Reading} from '../trips.ts';
import {type Choice, type Done, isRefusal, type Refusal, type Undo, type Verdict} from '../types.ts';
import {expectedOn, plainOrEach, type Wanted, wantedMs} from './down-after-value.ts';
import {askedLately, knownSentinels, nobodySees, silentFacts, type Views, viewsOf} from './sentinel-target.ts';

const setting = 'down-after-milliseconds';

/** One Sentinel that is to be told. `oldMs` is undefined where it could not be asked. */
type Row = {readonly node: string; readonly oldMs: number | undefined; readonly newMs: number};

type Target = {
	/** The master, as the Sentinels call it. */
	readonly name: string;
	readonly wanted: Wanted;
	/** Of an undo: what it must be now. */
	readonly set: Choice['set'];
	/** As read before the dialog. */
	readonly read: {readonly rows: readonly Row[]; readonly answers: Views; readonly atMs: number};
};

const initialMs = ({session}: ConsoleState): string => {
	const known = [...(session.sentinels?.views.values() ?? [])].flatMap(({downAfterMs}) => downAfterMs ?? []);
	return known.length === 0 ? '' : String(Math.max(...known) * 2);
};

/** Give a master that answers nothing valid more time before the Sentinels take it for dead. */
export const sentinelDownAfter = defineAction<Target>({
	id: 'sentinel.down-after',
	title: 'Change how soon Sentinel takes the master for dead',
	danger: 'disruptive',
	pane: 'ha',
	doc: {
		sends: 'SENTINEL SET name down-after-milliseconds MS, to every Sentinel of the group',
		does: 'raised, a long script has more time before Sentinel kills it and fails over, and a dead master is noticed later',
		cost: 'none for the server: only the Sentinels are asked and told',
		verify: 'SENTINEL MASTER returns the new value on every Sentinel',
		undo: 'SENTINEL SET to the old value, of each Sentinel its own',
	},

	params: [
		{
			name: 'ms',
			aliases: ['value', setting],
			hint: 'milliseconds, 1000 or more; or HOST:PORT=MS,… for each Sentinel its own',
			initial: state => initialMs(state),
		},
		onlyFrom,
	],
	target(state, {set}) {
		const sentinels = knownSentinels(state);
		if (isRefusal(sentinels)) return sentinels;
		const wanted = wantedMs(set, sentinels.nodes);
		if (isRefusal(wanted)) return wanted;
		return {name: sentinels.master, wanted, set, read: {rows: [], answers: viewsOf([]), atMs: state.nowMs}};
	},
	prepare,

	facts: ({name, wanted, read: {rows, answers}}) => [
		['master', name],
		...oldFacts(rows),
		['new', wanted.kind === 'all' ? `${wanted.ms} ms` : plainOrEach(rows.map(({node, newMs}) => ({node, ms: newMs})))],
		...silentFacts(answers),
	],

	checks: ({read}, now) => [
		{label: 'Sentinels are known', ok: now.session.sentinels !== undefined, reason: 'No Sentinel is known'},
		...(read.rows.length === 0 ? [] : [{label: `${read.answers.views.length} of ${nodeCount(read.answers)} Sentinels answer`, ok: true}]),
		askedLately(read.atMs, now),
	],

	plan: ({name, read}) => planOf(name, read.rows, ({newMs}) => newMs),
	work: ({read}) => ({kind: 'sentinels', nodes: read.rows.map(({node}) => node)}),
	effect: ({read: {rows, answers}}) => [
		...effectOf(rows),
		'each Sentinel writes it into its config file: it stays until it is set back',
		...(answers.silent.length > 0
			? [`${answers.silent.length === 1 ? 'one that is silent is' : 'those that are silent are'} tried once and may keep the old value`]
			: []),
	],
	affects: () => 'nobody now; everybody at the next failover',
	cost: ({read}) => `none for the server; one command to each of ${read.rows.length} Sentinels`,
	deadlineMs: () => 3000,
	evidence: [],
	verify: () => ({ok: false, detail: 'only the Sentinels can tell'}),
	review,

	values: ({read}, {session}) =>
		Object.fromEntries(read.rows.map(({node}) => [`${setting} on ${node}`, session.sentinels?.views.get(node)?.downAfterMs?.toString()])),
	undo,
});

function* prepare(target: Target, {nowMs}: ConsoleState): Reading<Target | Refusal> {
	const {name, wanted, set} = target;
	const answers = yield* askSentinels([['SENTINEL', 'MASTER', name]]);
	const read = viewsOf(answers);
	const nobody = nobodySees(name, read);
	if (nobody) return nobody;
	const rows = rowsFor(wanted, answers);
	const known = rows.flatMap(({node, oldMs, newMs}) => (oldMs === undefined || oldMs === newMs ? [] : [{node, oldMs}]));
	if (known.length === 0 && rows.every(({oldMs}) => oldMs !== undefined)) return {refused: `${setting} is so already on every Sentinel`};
	const changed = known.map(({node, oldMs}) => changedSince({from: expectedOn(node, set)}, String(oldMs))).find(refusal => refusal !== undefined);
	return changed ?? {...target, read: {rows, answers: read, atMs: nowMs}};
}

/** Every Sentinel is told, a silent one too; one that does not watch this master is not. */
function rowsFor(wanted: Wanted, answers: readonly SentinelAnswer[]): readonly Row[] {
	return answers.flatMap(answer => {
		const newMs = wanted.kind === 'all' ? wanted.ms : wanted.byNode.get(answer.node);
		const master = 'error' in answer ? undefined : parseWatchedMaster(answer.replies[0]);
		if (newMs === undefined || !('error' in answer || master)) return [];
		return [{node: answer.node, oldMs: master?.downAfterMs, newMs}];
	});
}

function oldFacts(rows: readonly Row[]): readonly (readonly [string, string])[] {
	const known = rows.flatMap(({node, oldMs}) => (oldMs === undefined ? [] : [{node, ms: oldMs}]));
	const [first] = known;
	if (first && known.every(({ms}) => ms === first.ms)) return [['now', `${first.ms} ms`]];
	return [...known.map(({node, ms}) => ['now', `${ms} ms on ${node}`] as const), ['', 'the Sentinels differ']];
}

const nodeCount = ({views, silent, strangers}: Views): number => views.length + silent.length + strangers.length;

const planOf = <T extends {readonly node: string}>(name: string, rows: readonly T[], msOf: (row: T) => number): Plan =>
	rows.map(row => ['SENTINEL', 'SET', name, setting, String(msOf(row))]);

function effectOf(rows: readonly Row[]): readonly string[] {
	const isRaised = rows.some(({oldMs, newMs}) => oldMs !== undefined && newMs > oldMs);
	const isLowered = rows.some(({oldMs, newMs}) => oldMs !== undefined && newMs < oldMs);
	return [
		...(isRaised
			? [
					'a long script has that much longer before Sentinel kills it and fails over',
					'until it is set back, a master that is really dead is noticed that much later',
				]
			: []),
		...(isLowered ? ['a master that answers nothing valid is taken for dead sooner: at once, if it has been silent for that long already'] : []),
	];
}

function* review({name, read: {rows}}: Target, {replies}: Done): Reading<Verdict> {
	const answers = yield* askSentinels([['SENTINEL', 'MASTER', name]]);
	const now = new Map(answers.map(answer => [answer.node, 'error' in answer ? answer.error : parseWatchedMaster(answer.replies[0])?.downAfterMs]));
	const wrong = rows.flatMap(({node, newMs}, index) => (now.get(node) === newMs ? [] : [`${node}: ${whyWrong(replies[index], now.get(node))}`]));
	const right = rows.length - wrong.length;
	const account = `${setting} is ${plainOrEach(rows.map(({node, newMs}) => ({node, ms: newMs})))} on ${right} of ${rows.length} Sentinels`;
	return wrong.length === 0 ? {ok: true, detail: account} : {ok: false, detail: `${account}; ${wrong.join('; ')}`};
}

/** What it said to the change, and what it says now. */
function whyWrong(reply: unknown, now: string | number | undefined): string {
	const said = reply instanceof Error ? `${reply.message}; ` : '';
	if (typeof now === 'number') return `${said}it is ${now} ms there`;
	return `${said}it cannot be read there${typeof now === 'string' && !said.includes(now) ? ` (${now})` : ''}`;
}

function undo({name, read: {rows}}: Target): Undo {
	const known = rows.flatMap(({node, oldMs, newMs}) => (oldMs === undefined ? [] : [{node, oldMs, newMs}]));
	const news = new Set(rows.map(({newMs}) => newMs));
	const olds = new Set(known.map(({oldMs}) => oldMs));
	const ms = olds.size === 1 && known.length === rows.length ? String(known[0]?.oldMs) : known.map(({node, oldMs}) => `${node}=${oldMs}`).join(',');
	// Never empty: it is by this that an undo is known, which may set back what nobody should type.
	const from = news.size === 1 ? String(rows[0]?.newMs) : known.map(({node, newMs}) => `${node}=${newMs}`).join(',');
	return {
		plan: planOf(name, known, ({oldMs}) => oldMs),
		action: 'sentinel.down-after',
		choice: {on: [], set: {ms, from}},
	};
}
