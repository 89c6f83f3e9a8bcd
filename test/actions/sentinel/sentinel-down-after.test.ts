import {describe, expect, it, vi} from 'vitest';
import type {AuditNote} from '../../../src/actions/deps.ts';
import {sentinelDownAfter} from '../../../src/actions/sentinel/sentinel-down-after.ts';
import type {Choice} from '../../../src/actions/types.ts';
import {DeadlineError, NotSentError, ReplyLostError, ServerRefusedError} from '../../../src/errors.ts';
import {bindByReading, gate, type SentinelSays, setUp} from '../../helpers/action-run.ts';
import {stateWith} from '../../helpers/fixtures.ts';
import {nodes, sentinelSays, watched} from '../../helpers/sentinel-replies.ts';

const has = (ms: number | string) => sentinelSays({master: {'down-after-milliseconds': String(ms)}});
const withSet = (set: Choice['set']): Choice => ({on: [], set});
const bound = (set: Choice['set'], says: SentinelSays = () => has(30_000)) => bindByReading(sentinelDownAfter, watched, () => undefined, withSet(set), says);
const refused = async (set: Choice['set'], says: SentinelSays = () => has(30_000)) =>
	(await setUp({action: sentinelDownAfter, state: watched, choice: withSet(set), sentinel: says}).run()).detail;

describe('the value', () => {
	it('begins with twice what it is', () => {
		expect(sentinelDownAfter.fields(stateWith(watched))).toMatchObject([{name: 'ms', value: '60000'}]);
		expect(bound({}).plan[0]?.at(-1)).toBe('60000');
	});

	it('is asked for where that is not known', () => {
		const unknown = {session: {sentinels: {master: 'shop', nodes, views: new Map()}}};
		expect(sentinelDownAfter.refusal(stateWith(unknown))).toEqual({refused: 'ms must be a whole number, 1000 to 2147483647', needsInput: true});
		expect(sentinelDownAfter.refusal(stateWith({}))?.refused).toMatch(/^No Sentinel of this server is known/);
	});

	it.each([
		[{ms: '60'}, 'ms must be a whole number, 1000 to 2147483647'],
		[{value: 'x'}, 'ms must be a whole number, 1000 to 2147483647'],
		[{ms: 'h:1=60000'}, `ms: h:1 is no Sentinel of this group: it has ${nodes.join(', ')}`],
		[{ms: `${nodes[0]}=6`}, `ms of ${nodes[0]} must be a whole number, 1000 to 2147483647`],
		[{ms: '30000'}, 'down-after-milliseconds is so already on every Sentinel'],
		[{ms: '20000', from: '60000'}, 'Somebody has changed it since: it is 30000 now, not 60000'],
	])('%j is refused', async (set, detail) => expect(await refused(set)).toBe(detail));

	it('may be low where an undo sets it back', () => expect(bound({ms: '500', from: '30000'}).plan[0]?.at(-1)).toBe('500'));
	it('may be low on each where an undo sets each back, unless somebody has changed one since', async () => {
		const set = {ms: `${nodes[0]}=500,${nodes[2]}=700`, from: `${nodes[0]}=40000,${nodes[2]}=30000`};
		const says: SentinelSays = node => has(node === nodes[0] ? 40_000 : 30_000);
		expect(bound(set, says).plan.map(argv => argv.at(-1))).toEqual(['500', '700']);
		expect(await refused(set)).toBe('Somebody has changed it since: it is 30000 now, not 40000');
	});
	it('that some have already is no change by somebody', () =>
		expect(bound({ms: '20000', from: '60000'}, node => has(node === nodes[0] ? 20_000 : 60_000)).plan).toHaveLength(3));
});

describe('who is told', () => {
	const setTo = (ms: number) => ['SENTINEL', 'SET', 'shop', 'down-after-milliseconds', String(ms)];

	it('is every Sentinel, a silent one too, but none that watches another', () => {
		const says: SentinelSays = node => {
			if (node === nodes[0]) return 'silent';
			return node === nodes[1] ? sentinelSays({master: new ServerRefusedError('ERR No such master')}) : has(30_000);
		};
		const {request, undo} = bound({ms: '60000'}, says);
		expect(request).toMatchObject({places: [nodes[0], nodes[2]], plan: [setTo(60_000), setTo(60_000)]});
		expect(request.facts).toContainEqual(['silent', `${nodes[0]}: silent`]);
		expect(request.facts).toContainEqual(['stranger', `${nodes[1]} does not watch this master, and is left alone`]);
		expect(undo).toMatchObject({plan: [setTo(30_000)], choice: {set: {ms: `${nodes[2]}=30000`, from: '60000'}}});
	});

	it('is who is named, each with its own', () => {
		const {request, undo} = bound({ms: `${nodes[2]}=50000,${nodes[0]}=40000`}, node => has(node === nodes[0] ? 10_000 : 30_000));
		expect(request).toMatchObject({places: [nodes[0], nodes[2]], plan: [setTo(40_000), setTo(50_000)]});
		expect(undo).toMatchObject({
			plan: [setTo(10_000), setTo(30_000)],
			choice: {set: {ms: `${nodes[0]}=10000,${nodes[2]}=30000`, from: `${nodes[0]}=40000,${nodes[2]}=50000`}},
		});
	});
});

describe('how it ends', () => {
	/** What each says to the command, and has afterwards. */
	const run = async (replies: readonly unknown[], after: readonly (number | 'silent')[]) => {
		let sent = 0;
		const says: SentinelSays = node => {
			const now = sent === 0 ? 30_000 : (after[nodes.indexOf(node as (typeof nodes)[0])] ?? 0);
			return now === 'silent' ? 'silent' : has(now);
		};
		const test = setUp({action: sentinelDownAfter, state: watched, after: watched, choice: withSet({ms: '60000'}), sentinel: says});
		test.send.mockImplementation(async () => {
			const reply = replies[sent++];
			if (reply instanceof Error) throw reply;
			return reply;
		});
		const {outcome, detail} = await test.run();
		expect(test.journal.filter(entry => entry.startsWith('to '))).toEqual(nodes.map(node => `to ${node}`));
		return `${outcome}: ${detail}`;
	};
	const lost = new ReplyLostError('the connection ended before the reply to SENTINEL');
	const unsent = new NotSentError('no connection');
	const late = new DeadlineError('no reply to SENTINEL in 3000 ms: it may still run');
	const denied = new ServerRefusedError('NOPERM no');

	it.each([
		[['OK', 'OK', 'OK'], [60_000, 60_000, 60_000], 'done: down-after-milliseconds is 60000 ms on 3 of 3 Sentinels'],
		[['OK', lost, late], [60_000, 60_000, 60_000], 'done: down-after-milliseconds is 60000 ms on 3 of 3 Sentinels'],
		[
			['OK', unsent, denied],
			[60_000, 'silent', 30_000],
			`unverified: down-after-milliseconds is 60000 ms on 1 of 3 Sentinels; ${nodes[1]}: no connection; it cannot be read there (silent); ${nodes[2]}: NOPERM no; it is 30000 ms there`,
		],
		[
			[denied, unsent, denied],
			[30_000, 30_000, 30_000],
			`failed: ${nodes[0]}: NOPERM no; ${nodes[1]}: nothing was sent: no connection; ${nodes[2]}: NOPERM no`,
		],
		[
			[lost, unsent, denied],
			['silent', 'silent', 'silent'],
			`unverified: down-after-milliseconds is 60000 ms on 0 of 3 Sentinels; ${nodes[0]}: ${lost.message}; it cannot be read there (silent); ` +
				`${nodes[1]}: no connection; it cannot be read there (silent); ${nodes[2]}: NOPERM no; it cannot be read there (silent)`,
		],
	] as const)('%j, then %j', async (replies, after, ending) => expect(await run(replies, after)).toBe(ending));
});

describe('told all at once', () => {
	const stopping = (choice = withSet({ms: '60000'})) => setUp({action: sentinelDownAfter, state: watched, after: watched, choice, sentinel: () => has(30_000)});

	it('does not wait for one that is dead', async () => {
		const test = stopping();
		const dead = gate('OK');
		test.send.mockImplementationOnce(() => dead.promise);
		const ended = test.run();
		await vi.waitFor(() => expect(test.journal.filter(entry => entry.startsWith('to '))).toHaveLength(nodes.length));
		dead.open();
		await ended;
		expect(test.send).toHaveBeenCalledTimes(nodes.length);
	});

	it('tells nobody once it is stopped', async () => {
		const test = stopping();
		const {audit} = test.deps;
		Object.assign(test.deps, {
			async audit(note: AuditNote) {
				await audit(note);
				test.stop.abort();
			},
		});
		expect(await test.run()).toMatchObject({
			outcome: 'cancelled',
			detail: `stopped by the operator: of 3 Sentinels 3 not told (${nodes.join(', ')})`,
			next: [],
		});
		expect(test.send).not.toHaveBeenCalled();
	});

	const unsent = new NotSentError('stopped before it was sent');
	it.each([
		[['OK', unsent, unsent], 'cancelled', `1 told (${nodes[0]}), 2 not told (${nodes[1]}, ${nodes[2]})`],
		[
			[new ReplyLostError('lost'), new ServerRefusedError('NOPERM no'), unsent],
			'unknown',
			`1 refused (${nodes[1]}), 1 sent without a reply (${nodes[0]}), 1 not told (${nodes[2]})`,
		],
	] as const)('says who was told when it is stopped in the middle: %j', async (replies, outcome, account) => {
		const test = stopping();
		const queue: unknown[] = [...replies];
		test.send.mockImplementation(async () => {
			const reply = queue.shift();
			if (queue.length === 0) test.stop.abort();
			if (reply instanceof Error) throw reply;
			return reply;
		});
		expect(await test.run()).toMatchObject({outcome, detail: `stopped by the operator: of 3 Sentinels ${account}`, next: [expect.any(String)]});
	});
});

it('says what raising and lowering mean', () => {
	expect(bound({ms: '60000'}).request.effect.join()).toMatch(/a long script has that much longer.*noticed that much later/);
	expect(bound({ms: '2000'}).request.effect.join()).toMatch(/taken for dead sooner: at once/);
	expect(bound({ms: '2000'}).request.effect.join()).not.toMatch(/longer/);
});
