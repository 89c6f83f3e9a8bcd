import {type DoneRun, offeredWaysBack, type WayBack, withDone, withPerhapsDone} from '../../store/ways-back.ts';
import {type AuditLine, doneRun, isRecord, parseLine, textOf} from '../audit-line.ts';

type Commands = readonly (readonly string[])[];

/** One run of an action, as the audit log has it. */
export type AuditRun = {
	readonly id: string;
	readonly action: string;
	readonly danger: string;
	readonly operator: string;
	readonly host: string;
	readonly target: string;
	/** When its intent was written; undefined: nothing was about to be sent. */
	readonly sentAtMs: number | undefined;
	readonly endedAtMs: number | undefined;
	/** Undefined: the log does not say how it ended. */
	readonly outcome: string | undefined;
	readonly detail: string | undefined;
	readonly plan: Commands;
	/** Of a batch: how many were written down, and what was in the first of them. */
	readonly rounds: number;
	readonly firstRound: Commands;
	/** Of a batch: the account before its last round. */
	readonly account: string | undefined;
	readonly before: Around | undefined;
	readonly after: Around | undefined;
	/** The action that takes it back, with what to choose. */
	readonly undo: string | undefined;
	/** The run that this one takes back. */
	readonly undoes: string | undefined;
	/** What a program has said, or a sample has shown. */
	readonly output: readonly string[];
};

/** The server around an action, and the values that it changes. */
export type Around = {readonly state: string; readonly connectedClients: number | undefined; readonly values: Readonly<Record<string, string>>};

export type AuditRead = {
	/** Those of the window, in the order in which they began. */
	readonly runs: readonly AuditRun[];
	/** Of the window, done and not taken back by anything in the log; newest first. */
	readonly standing: readonly WayBack[];
	/** Lines that are cut or damaged. */
	readonly unreadable: number;
};

export type AuditWindow = {
	/** As the log spells them: a console that follows a failover has more than one. */
	readonly targets: readonly string[];
	readonly fromMs: number;
	readonly toMs: number;
};

/** What was done to these servers in that time, from the lines of an audit log in their order. */
export class AuditRuns {
	readonly #window: AuditWindow;
	readonly #quoted: readonly string[];
	readonly #runs = new Map<string, AuditRun>();
	#waysBack: readonly WayBack[] = [];
	#unreadable = 0;

	constructor(window: AuditWindow) {
		this.#window = window;
		this.#quoted = window.targets.map(target => JSON.stringify(target));
	}

	add(line: string): void {
		const text = line.trim();
		if (text === '') return;
		// Other servers' lines need not be taken apart: one that is whole begins and ends like an object.
		if (!this.#quoted.some(target => text.includes(target))) {
			if (!(text.startsWith('{') && text.endsWith('}'))) this.#unreadable += 1;
			return;
		}
		const entry = parseLine(text);
		const atMs = Date.parse(textOf(entry?.at));
		if (entry === undefined || typeof entry.id !== 'string' || Number.isNaN(atMs)) this.#unreadable += 1;
		else if (this.#window.targets.includes(textOf(entry.target))) this.#take(entry.id, atMs, entry);
	}

	told(): AuditRead {
		const {fromMs, toMs} = this.#window;
		const isInside = (atMs: number | undefined) => atMs !== undefined && atMs >= fromMs && atMs <= toMs;
		const runs = [...this.#runs.values()].filter(({sentAtMs, endedAtMs}) => isInside(sentAtMs) || isInside(endedAtMs));
		const ids = new Set(runs.map(({id}) => id));
		return {
			runs: runs.toSorted((a, b) => beganAtMs(a) - beganAtMs(b)),
			standing: offeredWaysBack(this.#waysBack, toMs).filter(({auditId}) => ids.has(auditId)),
			unreadable: this.#unreadable,
		};
	}

	#take(id: string, atMs: number, entry: AuditLine): void {
		const known = this.#runs.get(id) ?? newRun(id, entry);
		if (entry.phase === 'outcome') {
			this.#keep(ended(known, atMs, entry));
			this.#takeBack(id, entry);
		} else if (typeof entry.round === 'number') this.#keep(withRound(known, {atMs, round: entry.round, entry}));
		// What was sent after the end of the recording belongs to another report; a log may hold years of it.
		else if (atMs <= this.#window.toMs) this.#keep({...known, sentAtMs: atMs, before: aroundOf(entry.before)});
	}

	/** What began and ended before the window is not kept. */
	#keep(run: AuditRun): void {
		const {fromMs, toMs} = this.#window;
		const isPast = run.endedAtMs !== undefined && run.endedAtMs < fromMs;
		const isLater = beganAtMs(run) > toMs;
		if (isPast || isLater) this.#runs.delete(run.id);
		else this.#runs.set(run.id, run);
	}

	#takeBack(id: string, entry: AuditLine): void {
		const run: DoneRun | undefined = doneRun(id, entry);
		if (run && entry.outcome === 'done') this.#waysBack = withDone(this.#waysBack, run);
		else if (run && (entry.outcome === 'unverified' || entry.outcome === 'unknown')) this.#waysBack = withPerhapsDone(this.#waysBack, run);
	}
}

export const beganAtMs = ({sentAtMs, endedAtMs}: AuditRun): number => sentAtMs ?? endedAtMs ?? 0;

/** A run of which nothing is known yet. */
export const unknownRun = (id: string): AuditRun => ({
	id,
	action: '?',
	danger: '?',
	operator: '?',
	host: '?',
	target: '?',
	sentAtMs: undefined,
	endedAtMs: undefined,
	outcome: undefined,
	detail: undefined,
	plan: [],
	rounds: 0,
	firstRound: [],
	account: undefined,
	before: undefined,
	after: undefined,
	undo: undefined,
	undoes: undefined,
	output: [],
});

const newRun = (id: string, {action, danger, operator, host, target, plan}: AuditLine): AuditRun => ({
	...unknownRun(id),
	action: textOf(action),
	danger: textOf(danger),
	operator: textOf(operator),
	host: textOf(host),
	target: textOf(target),
	plan: commandsOf(plan),
});

type RoundLine = {readonly atMs: number; readonly round: number; readonly entry: AuditLine};

/** A round whose run's beginning is not in the log begins it. */
const withRound = (run: AuditRun, {atMs, round, entry}: RoundLine): AuditRun => ({
	...run,
	sentAtMs: run.sentAtMs ?? atMs,
	rounds: Math.max(run.rounds, round),
	firstRound: run.firstRound.length > 0 ? run.firstRound : commandsOf(entry.plan),
	account: typeof entry.detail === 'string' ? entry.detail : run.account,
});

const ended = (run: AuditRun, atMs: number, entry: AuditLine): AuditRun => ({
	...run,
	plan: run.plan.length > 0 ? run.plan : commandsOf(entry.plan),
	endedAtMs: atMs,
	outcome: textOf(entry.outcome),
	detail: typeof entry.detail === 'string' ? entry.detail : undefined,
	before: aroundOf(entry.before) ?? run.before,
	after: aroundOf(entry.after),
	undo: undoText(entry.undo),
	undoes: typeof entry.undoes === 'string' ? entry.undoes : undefined,
	output: Array.isArray(entry.output) ? entry.output.filter(line => typeof line === 'string') : [],
});

function aroundOf(facts: unknown): Around | undefined {
	if (!isRecord(facts) || typeof facts.state !== 'string') return undefined;
	const values = isRecord(facts.values) ? Object.entries(facts.values).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])) : [];
	return {
		state: facts.state,
		connectedClients: typeof facts.connectedClients === 'number' ? facts.connectedClients : undefined,
		values: Object.fromEntries(values),
	};
}

const commandsOf = (plan: unknown): Commands =>
	Array.isArray(plan) ? plan.filter(argv => Array.isArray(argv)).map(argv => argv.map(argument => String(argument))) : [];

/** `config.maxmemory value=100mb`. */
function undoText(undo: unknown): string | undefined {
	if (!isRecord(undo) || typeof undo.action !== 'string') return undefined;
	const on = Array.isArray(undo.on) ? undo.on.filter(name => typeof name === 'string') : [];
	const set = isRecord(undo.set) ? Object.entries(undo.set).flatMap(([name, value]) => (typeof value === 'string' ? [`${name}=${value}`] : [])) : [];
	return [undo.action, ...on, ...set].join(' ');
}
