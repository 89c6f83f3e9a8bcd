import type {Finding, Severity} from '../../store/finding.ts';
import {severityRank} from '../../store/fleet.ts';
import {gaveWay, subjectParts, type TimelineEvent} from '../../store/timeline.ts';
import {addressOfId, homeOf} from './home-names.ts';
import type {Look, Observed} from './observe.ts';

/** A finding from when it was found until it was over. */
export type Span = {
	readonly id: string;
	/** The worst that it was. */
	readonly severity: Severity;
	/** As it was last told. */
	readonly title: string;
	readonly evidence: string;
	readonly fromMs: number;
	/** Its beginning is not in the record. */
	readonly isBeginKnown: boolean;
	/** Undefined: it stood when the record ended. */
	readonly toMs: number | undefined;
	/** The console turned to another server while it stood. */
	readonly isLeft: boolean;
	/** How often it was back within seconds. */
	readonly returns: number;
	/** While it was of P0 or P1; undefined: it never was. */
	readonly trouble: Stretch | undefined;
};

/** `toMs` undefined: it had not ended. */
export type Stretch = {readonly fromMs: number; readonly toMs: number | undefined};

type Open = Omit<Span, 'trouble' | 'toMs' | 'isLeft'> & {readonly troubleFromMs: number | undefined; readonly leftAtMs?: number};

/** Every finding with its time, from the timeline; how bad it was when is corrected by the frames. Oldest first. */
export function spansOf({events, looks, source}: Pick<Observed, 'events' | 'looks' | 'source'>): readonly Span[] {
	const spans = new Spans(looks, {fromMs: source.fromMs, home: homeOf(source)});
	spans.begin(events);
	const moves = movesOf(looks);
	for (const event of events) {
		while (moves[0] !== undefined && moves[0] <= event.atMs) spans.leave(moves.shift() ?? 0);
		spans.take(event);
	}
	for (const atMs of moves) spans.leave(atMs);
	return spans.told().toSorted((a, b) => a.fromMs - b.fromMs || severityRank[b.severity] - severityRank[a.severity]);
}

class Spans {
	readonly #looks: readonly Look[];
	readonly #fromMs: number;
	readonly #home: string;
	readonly #open = new Map<string, Open>();
	readonly #closed: Span[] = [];

	constructor(looks: readonly Look[], {fromMs, home}: {readonly fromMs: number; readonly home: string}) {
		this.#looks = looks;
		this.#fromMs = fromMs;
		this.#home = home;
	}

	/** What stands at the first look and was found before the timeline's beginning. */
	begin(events: readonly TimelineEvent[]): void {
		const [first] = this.#looks;
		for (const finding of first?.findings ?? []) {
			const isTold = events.some(({kind, subject, atMs}) => kind === 'found' && subject === finding.id && atMs <= (first?.atMs ?? 0));
			if (!isTold) this.#open.set(finding.id, seenOnly(finding, this.#fromMs));
		}
	}

	take(event: TimelineEvent): void {
		const {kind, subject = '', atMs} = event;
		const [id, worse] = subjectParts(subject);
		if (kind === 'found') this.#open.set(id, foundAs(this.#open.get(id), {event, id, isWorse: worse !== undefined}));
		if (kind !== 'over') return;
		const span = this.#open.get(id) ?? unknownBegin(event, id, Math.min(this.#fromMs, atMs));
		this.#open.delete(id);
		this.#closed.push(closed(span, {...toldAtEnd(event), toMs: this.#goneAtMs(span, atMs) ?? atMs}, this.#looks));
	}

	/** The console turns elsewhere: perhaps nothing will tell what becomes of what stands now. */
	leave(atMs: number): void {
		for (const [id, span] of this.#open) if (span.fromMs < atMs) this.#open.set(id, {leftAtMs: atMs, ...span});
	}

	told(): readonly Span[] {
		const standing = [...this.#open.values()].map(span => closed(span, {...toldByFrame(span, this.#looks), ...this.#left(span)}, this.#looks));
		return [...this.#closed, ...standing];
	}

	/**
	 * What was told of a server from elsewhere is over once the console looks at this server, it answers, and nothing of it is found: the connection
	 * that told of it may take long to see that. Undefined: it was not so.
	 */
	#goneAtMs({id, fromMs}: Open, toMs: number): number | undefined {
		const address = addressOfId(id, this.#home);
		const stood = this.#looks.filter(({atMs}) => atMs >= fromMs && atMs < toMs);
		const lastTold = stood.findLastIndex(({findings}) => findings.some(finding => finding.id === id));
		// It may be so short that no frame has it.
		const tellers = [this.#looks.findLast(({atMs}) => atMs <= fromMs), ...stood.slice(0, lastTold + 1)];
		const isElsewhere = tellers.some(look => look && look.address !== address);
		if (!isElsewhere) return undefined;
		return stood.slice(lastTold + 1).find(look => look.address === address && answering.has(look.server.kind))?.atMs;
	}

	/** Of what nobody has told again after the console had turned elsewhere the end is not known. */
	#left(span: Open): Pick<Span, 'toMs' | 'isLeft'> {
		const {id, leftAtMs} = span;
		const goneAtMs = this.#goneAtMs(span, Number.POSITIVE_INFINITY);
		if (goneAtMs !== undefined) return {toMs: goneAtMs, isLeft: false};
		const isToldSince = this.#looks.some(({atMs, findings}) => atMs > (leftAtMs ?? 0) && findings.some(finding => finding.id === id));
		return leftAtMs === undefined || isToldSince ? {toMs: undefined, isLeft: false} : {toMs: leftAtMs, isLeft: true};
	}
}

/** Where a server answers as it should. */
const answering: ReadonlySet<string> = new Set(['OK', 'READONLY']);

/** When the console turned to another server. */
const movesOf = (looks: readonly Look[]): number[] =>
	looks.flatMap((look, index) => {
		const before = looks[index - 1];
		return before && before.address !== look.address ? [before.atMs + 1] : [];
	});

type Found = {readonly event: TimelineEvent; readonly id: string; readonly isWorse: boolean};

function foundAs(known: Open | undefined, {event, id, isWorse}: Found): Open {
	const {atMs, severity = 'P2', text, details, returns} = event;
	const title = text.slice(text.indexOf(': ') + 2);
	const troubleFromMs = known?.troubleFromMs ?? (severity === 'P2' ? undefined : atMs);
	if (known) return {...withoutLeave(known), title, severity: worst(known.severity, severity), troubleFromMs};
	return {id, severity, title, evidence: details[0] ?? '', fromMs: atMs, isBeginKnown: !isWorse, returns: returns?.count ?? 0, troubleFromMs};
}

const withoutLeave = ({leftAtMs: _, ...open}: Open): Open => open;

const seenOnly = ({id, severity, title, evidence}: Finding, fromMs: number): Open => ({
	id,
	severity,
	title,
	evidence,
	fromMs,
	isBeginKnown: false,
	returns: 0,
	troubleFromMs: severity === 'P2' ? undefined : fromMs,
});

const worst = (a: Severity, b: Severity): Severity => (severityRank[a] >= severityRank[b] ? a : b);

const unknownBegin = ({severity = 'P2', text, details}: TimelineEvent, id: string, fromMs: number): Open => ({
	id,
	severity,
	title: text,
	evidence: details[1] ?? '',
	fromMs,
	isBeginKnown: false,
	returns: 0,
	troubleFromMs: severity === 'P2' ? undefined : fromMs,
});

/**
 * Title and evidence of its last moment say how far it went; a mark alone has none. Of what gave way to another finding the evidence is the one that
 * it was found with: at the end it guessed at what the other one then told.
 */
function toldAtEnd({text, details}: TimelineEvent): Partial<Span> {
	const [title, evidence] = details;
	if (title === undefined) return {};
	return {title, ...(evidence === undefined || evidence.startsWith('found at ') || text.includes(gaveWay) ? {} : {evidence})};
}

function toldByFrame({id}: Open, looks: readonly Look[]): Partial<Span> {
	const finding = looks.findLast(({findings}) => findings.some(each => each.id === id))?.findings.find(each => each.id === id);
	return finding ? {title: finding.title, evidence: finding.evidence} : {};
}

function closed({troubleFromMs, leftAtMs: _, ...span}: Open, change: Partial<Span>, looks: readonly Look[]): Span {
	const whole: Omit<Span, 'trouble'> = {toMs: undefined, isLeft: false, ...span, ...change};
	if (troubleFromMs === undefined) return {...whole, trouble: undefined};
	const {toMs} = whole;
	return {...whole, trouble: {fromMs: troubleFromMs, toMs: calmedAtMs(whole.id, {fromMs: troubleFromMs, toMs}, looks) ?? toMs}};
}

/** The timeline does not tell when something becomes less bad: the first frame that has it as a risk, with none after it that has it worse. */
function calmedAtMs(id: string, {fromMs, toMs = Number.POSITIVE_INFINITY}: Stretch, looks: readonly Look[]): number | undefined {
	const seen = looks.flatMap(({atMs, findings}) => {
		const severity = findings.find(each => each.id === id)?.severity;
		return severity === undefined || atMs < fromMs || atMs >= toMs ? [] : [{atMs, severity}];
	});
	const lastBad = seen.findLastIndex(({severity}) => severity !== 'P2');
	return lastBad < 0 ? undefined : seen[lastBad + 1]?.atMs;
}

/** Times that touch or overlap become one; oldest first. */
export function union(stretches: readonly Stretch[]): readonly Stretch[] {
	const merged: Stretch[] = [];
	for (const stretch of stretches.toSorted((a, b) => a.fromMs - b.fromMs)) {
		const last = merged.at(-1);
		if (last && (last.toMs === undefined || last.toMs >= stretch.fromMs)) merged[merged.length - 1] = {fromMs: last.fromMs, toMs: laterEnd(last, stretch)};
		else merged.push(stretch);
	}
	return merged;
}

const laterEnd = (a: Stretch, b: Stretch): number | undefined => (a.toMs === undefined || b.toMs === undefined ? undefined : Math.max(a.toMs, b.toMs));

/** How long these last together, counted once where they overlap; what has not ended counts until `endMs`. */
export const lengthMs = (stretches: readonly Stretch[], endMs: number): number =>
	union(stretches).reduce((sum, {fromMs, toMs = endMs}) => sum + Math.max(0, toMs - fromMs), 0);
