import {ServerRefusedError} from '../errors.ts';
import {Replies, unknownOf} from './replies.ts';
import type {Unknown} from './types.ts';

export type Argv = readonly string[];

/** Pipelined plain commands: one reply each, in order; an error reply comes as an Error in its place. Rejects when there is no answer at all. */
export type Ask = (argvs: readonly Argv[]) => Promise<readonly unknown[]>;

/**
 * A reading without the connection: it yields the commands it wants answered and is handed their replies, as often as it needs.
 * So what is asked and what is made of it stand in one place, stay pure, and many queues can be read in the same few pipelines.
 */
export type Steps<T> = Generator<readonly Argv[], T, readonly unknown[]>;

/** Ask for several things by name. */
export function* asking<Name extends string>(reads: Readonly<Partial<Record<Name, Argv>>>): Steps<Replies<Name>> {
	const entries = Object.entries(reads) as [Name, Argv][];
	const replies = yield entries.map(([, argv]) => argv);
	return new Replies(entries.map(([name, argv], index) => ({name, argv, reply: replies[index]})));
}

/** Ask for many things of one kind; of what was refused the first is told. */
export function* askingEach(argvs: readonly Argv[]): Steps<{readonly replies: readonly unknown[]; readonly unknown: readonly Unknown[]}> {
	const replies = yield argvs;
	const refused = replies.findIndex(reply => reply instanceof Error);
	return {replies, unknown: refused < 0 ? [] : unknownOf(argvs[refused] ?? [], replies[refused])};
}

/** Several readings in step: what they ask is asked together, as often as the longest of them needs. */
export function* together<T extends readonly unknown[]>(readings: {readonly [Key in keyof T]: Steps<T[Key]>}): Steps<T> {
	const results = readings.map(steps => ({steps, turn: steps.next()}));
	for (;;) {
		const waiting = results.filter(({turn}) => turn.done !== true);
		if (waiting.length === 0) return results.map(({turn}) => turn.value) as unknown as T;
		const argvs = waiting.map(({turn}) => turn.value as readonly Argv[]);
		const replies = yield argvs.flat();
		let at = 0;
		for (const [index, reading] of waiting.entries()) {
			const count = argvs[index]?.length ?? 0;
			reading.turn = reading.steps.next(replies.slice(at, at + count));
			at += count;
		}
	}
}

/** Estimated server time of one pipeline; with reading and writing it takes the server about twice that. */
const pipelineMicros = 1500;

/**
 * Carry out a reading: its commands are sent in pipelines of bounded server time one after the other, and what is asked
 * twice in one go (the dead set that all queues of a Sidekiq share) is asked once.
 * Rejects with ServerRefusedError when the server, in its present state, answers nothing of the kind.
 */
export async function run<T>(ask: Ask, steps: Steps<T>): Promise<T> {
	let turn = steps.next();
	while (turn.done !== true) {
		const argvs = turn.value;
		turn = steps.next(await askOnce(ask, argvs));
	}
	return turn.value;
}

const keyOf = (argv: Argv): string => argv.join('\0');

/** The replies in the order of `argvs`. */
async function askOnce(ask: Ask, argvs: readonly Argv[]): Promise<readonly unknown[]> {
	const places = new Map<string, number>();
	const distinct: Argv[] = [];
	const placeOf = argvs.map(argv => {
		const key = keyOf(argv);
		const place = places.get(key) ?? distinct.push(argv) - 1;
		places.set(key, place);
		return place;
	});
	const replies: unknown[] = [];
	for (const pipeline of inPipelines(distinct)) {
		const answers = await ask(pipeline);
		refuseTogether(answers);
		replies.push(...answers);
	}
	return placeOf.map(place => replies[place]);
}

/** States in which the server says the same to everything. */
const refusals: ReadonlySet<string> = new Set(['BUSY', 'LOADING', 'MASTERDOWN', 'NOAUTH', 'CLUSTERDOWN']);

function refuseTogether(answers: readonly unknown[]): void {
	const [first] = answers;
	if (!(first instanceof Error)) return;
	const code = codeOf(first);
	if (refusals.has(code) && answers.every(answer => answer instanceof Error && codeOf(answer) === code)) throw new ServerRefusedError(first.message);
}

const codeOf = ({message}: Error): string => message.split(' ', 1)[0] ?? '';

function inPipelines(commands: readonly Argv[]): readonly (readonly Argv[])[] {
	const pipelines: Argv[][] = [];
	let room = 0;
	for (const command of commands) {
		const micros = estimateMicros(command);
		if (room < micros || pipelines.length === 0) {
			pipelines.push([]);
			room = pipelineMicros;
		}
		room -= micros;
		pipelines.at(-1)?.push(command);
	}
	return pipelines;
}

/** What a command takes the server, roughly (Redis 7.0, facts/queues.md section 3 and own measurements). */
function estimateMicros(argv: Argv): number {
	switch (argv[0]) {
		case 'LRANGE':
		case 'ZRANGE':
		case 'ZREVRANGE':
			return 1 + 0.1 * (Math.abs(Number(argv[3]) - Number(argv[2])) + 1);
		case 'MGET':
		case 'HMGET':
			return 1 + 0.3 * (argv.length - 1);
		case 'XREVRANGE':
		case 'XRANGE':
			return 5 + 0.5 * Number(argv[5] ?? 1);
		case 'SSCAN':
		case 'HSCAN':
			return 20;
		case 'SCAN':
			return Number(argv[3] ?? 10);
		case 'XINFO':
			return 5;
		default:
			return 1;
	}
}
