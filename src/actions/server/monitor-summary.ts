import {commandShape, isScriptCommand} from '../../redis/parse/command-shape.ts';
import type {MonitorEntry} from '../../redis/parse/monitor-line.ts';
import {commandText} from '../../text/command-text.ts';
import {formatBytes, formatCount, formatPercent, formatRate, formatSeconds} from '../../text/format.ts';

/** Kinds that are told apart in each list; what comes after them is counted together. */
const mostKinds = 2000;
const longestSeen = 120;
/** So few rows are for a glance: eight lines in all, and no room for the rest. */
const briefRows = 2;

/** Commands that one wants to see as they were: they change or lay open the server, or walk through all of it. */
const notable: ReadonlySet<string> = new Set('ACL AUTH CONFIG DEBUG FLUSHALL FLUSHDB FUNCTION HELLO KEYS MIGRATE MONITOR SAVE SHUTDOWN SORT SWAPDB'.split(' '));

/** `10.0.0.1:5000` in the words of the client list, by which they are grouped. */
type ClientNames = (address: string) => string;

/** What MONITOR has told, counted. It keeps names of commands, shapes of keys and clients, and no value. */
export class MonitorSummary {
	readonly #nameOf: ClientNames;
	readonly #commands = new Counts();
	readonly #keys = new Counts();
	readonly #clients = new Counts();
	readonly #seen = new Counts();
	#total = 0;
	#fromScripts = 0;
	#unreadable = 0;

	constructor(nameOf: ClientNames) {
		this.#nameOf = nameOf;
	}

	get total(): number {
		return this.#total;
	}

	/** Undefined: a line that could not be read. */
	add(entry: MonitorEntry | undefined): void {
		if (!entry) {
			this.#unreadable++;
			return;
		}
		const {argv, address} = entry;
		const command = (argv[0] ?? '').toUpperCase();
		this.#total++;
		this.#commands.add(command.slice(0, 32));
		this.#clients.add(address === undefined ? '(called by scripts)' : this.#nameOf(address));
		if (address === undefined) this.#fromScripts++;
		const shape = commandShape(argv);
		if (shape !== command && !notable.has(command)) this.#keys.add(shape);
		if (notable.has(command) || isScriptCommand(command)) this.#seen.add(cut(commandText(argv)));
	}

	/** What is on top, for the eye: the head and as many rows of each list. */
	lines(durationMs: number, bytes: number, rows: number): readonly string[] {
		const seconds = Math.max(durationMs, 1) / 1000;
		const head = `${formatCount(this.#total)} commands in ${formatSeconds(seconds)}: ${formatRate(this.#total / seconds)}, ${formatBytes(bytes)} read`;
		const notes = [
			this.#fromScripts > 0 ? `${formatCount(this.#fromScripts)} of them called by scripts` : '',
			this.#unreadable > 0 ? `${formatCount(this.#unreadable)} lines not understood` : '',
		].filter(note => note !== '');
		return [
			[head, ...notes].join('; '),
			...this.#block('command', this.#commands, rows),
			...this.#block('key', this.#keys, rows),
			...this.#block('client', this.#clients, rows),
			...this.#block('of note', this.#seen, rows - 1),
		];
	}

	#block(title: string, counts: Counts, rows: number): readonly string[] {
		const rowOf = ([name, count]: readonly [string, number]) =>
			`${title.padEnd(7)}${formatPercent(count / this.#total).padStart(6)}${formatCount(count).padStart(10)}  ${name}`;
		return counts.top(rows).map(rowOf);
	}
}

const cut = (text: string): string => (text.length > longestSeen ? `${text.slice(0, longestSeen)}…` : text);

class Counts {
	readonly #counts = new Map<string, number>();
	#others = 0;

	add(name: string): void {
		const count = this.#counts.get(name);
		if (count === undefined && this.#counts.size >= mostKinds) this.#others++;
		else this.#counts.set(name, (count ?? 0) + 1);
	}

	top(rows: number): readonly (readonly [name: string, count: number])[] {
		const ranked = [...this.#counts].sort((a, b) => b[1] - a[1]).slice(0, rows);
		return this.#others > 0 && rows > briefRows ? [...ranked, ['(kinds beyond the first 2,000)', this.#others]] : ranked;
	}
}
