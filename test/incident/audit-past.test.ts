import {describe, expect, it} from 'vitest';
import {pastOf, readPast} from '../../src/incident/audit-past.ts';
import {auditLine, auditTarget, raised, writeLog} from '../helpers/audit-log.ts';

const intent = {id: '1', at: '2025-01-01T11:00:00.000Z', action: 'client.kill', operator: 'alice', rounds: 0, account: undefined, isCut: false};
const round = (id: string, number: number, done: string, plan: readonly (readonly string[])[] = []) =>
	auditLine(id, 'intent', {round: number, detail: `${done} done`, plan});

describe('intents without an outcome', () => {
	it.each([
		['an intent alone', [auditLine('1', 'intent')], [intent]],
		['an intent with its outcome', [auditLine('1', 'intent'), auditLine('1', 'outcome', {outcome: 'done'})], []],
		['an outcome of another run', [auditLine('1', 'intent'), auditLine('2', 'outcome')], [intent]],
		['two of them, oldest first', [auditLine('1', 'intent'), auditLine('2', 'intent')], [intent, {...intent, id: '2'}]],
		['another target', [auditLine('1', 'intent', {target: '127.0.0.1:7000'})], []],
		['another target that names this one', [auditLine('1', 'intent', {target: '127.0.0.1:7000', detail: auditTarget, plan: [[auditTarget]]})], []],
		['a cut first and a damaged last line', ['"phase":"intent"}', auditLine('1', 'intent'), auditLine('2', 'intent').slice(0, -5)], [intent]],
		['lines that are no objects', ['null', '7', '', `["${auditTarget}"]`, `{"target":"${auditTarget}"}`, `{"target":"${auditTarget}","id":7}`], []],
		[
			'a batch in the middle of its third round',
			[auditLine('1', 'intent'), round('1', 1, '0'), round('1', 2, '250'), round('1', 3, '500')],
			[{...intent, rounds: 3, account: '500 done'}],
		],
		['a batch that has ended', [auditLine('1', 'intent'), round('1', 1, '0'), auditLine('1', 'outcome', {outcome: 'cancelled'})], []],
		['a batch whose beginning is cut away', [round('1', 11, '2,500'), round('1', 12, '2,750')], [{...intent, rounds: 12, account: '2,750 done', isCut: true}]],
		[
			'two batches at once',
			[auditLine('1', 'intent'), auditLine('2', 'intent'), round('1', 1, '0'), round('2', 1, '0'), round('1', 2, '9'), auditLine('2', 'outcome')],
			[{...intent, rounds: 2, account: '9 done'}],
		],
		['an intent that does not say who', ['{"target":"127.0.0.1:6379","id":"1","phase":"intent"}'], [{...intent, at: '?', action: '?', operator: '?'}]],
	])('%s', (_name, lines, expected) => expect(pastOf(lines.join('\n'), auditTarget).open).toEqual(expected));
});

describe('ways back', () => {
	const titles = (...lines: readonly string[]) => pastOf(lines.join('\n'), auditTarget).waysBack.map(({auditId, title}) => `${auditId} ${title}`);

	it('are whole: what takes it back, whose it was, and when', () => {
		expect(pastOf(raised('1', '700', '1400'), auditTarget).waysBack).toEqual([
			{
				auditId: '1',
				atMs: Date.UTC(2025, 0, 1, 11),
				operator: 'alice',
				done: 'script.raise-limit',
				action: 'script.raise-limit',
				choice: {on: [], set: {ms: '700', from: '1400'}},
				title: 'back to busy-reply-threshold 700',
				before: {'busy-reply-threshold': '700'},
				after: {'busy-reply-threshold': '1400'},
			},
		]);
	});

	it.each([
		['one that was taken back', [raised('1', '700', '1400'), raised('2', '1400', '700', {undoes: '1'})], []],
		['one that was taken back by hand', [raised('1', '700', '1400'), raised('2', '1400', '700')], []],
		['one to a queue of another database', [raised('1', '700', '1400', {action: 'queue.pause', plan: [['SELECT', '3'], ['EVALSHA']]})], []],
		['one of another target', [raised('1', '700', '1400', {target: 'other'})], []],
		[
			'one that was not verified, or whose reply was lost: it may have worked',
			[raised('1', '700', '1400', {outcome: 'unverified'})],
			['1 back to busy-reply-threshold 700'],
		],
		['one that failed', [raised('1', '700', '1400', {outcome: 'failed'})], []],
		[
			'an undo that was not verified',
			[raised('1', '700', '1400'), raised('2', '1400', '700', {outcome: 'unknown', undoes: '1'})],
			['1 back to busy-reply-threshold 700'],
		],
		['a damaged undo', [raised('1', '700', '1400', {undo: {action: 'script.raise-limit', on: [7], set: {}}}), raised('2', '1', '2', {undo: 'none'})], []],
		['an undo with half of its choice', [raised('1', '700', '1400', {undo: {action: 'script.raise-limit', on: [], set: {ms: 700}}})], []],
		['a moment that is none', [raised('1', '700', '1400', {at: 'noon'})], []],
		[
			'cut lines around it',
			[raised('0', '1', '2').slice(40), raised('1', '700', '1400'), raised('2', '1', '2').slice(0, 90)],
			['1 back to busy-reply-threshold 700'],
		],
	])('%s', (_name, lines, expected) => expect(titles(...lines)).toEqual(expected));
});

describe('the file', () => {
	it('may not be there yet', async () => {
		await expect(readPast('/nowhere/audit.jsonl', auditTarget)).resolves.toEqual({open: [], waysBack: []});
	});

	it('that cannot be read says so', async () => {
		await expect(readPast('/', auditTarget)).rejects.toThrow('EISDIR');
	});

	it('is read where lines and letters lie across two pieces', async () => {
		const long = raised('1', '700', '1400', {detail: 'ü'.repeat(700_000)});
		const file = writeLog(`${long}\n${auditLine('2', 'intent', {operator: 'jörg'})}`);
		const {open, waysBack} = await readPast(file, auditTarget);
		expect(open).toMatchObject([{id: '2', operator: 'jörg'}]);
		expect(waysBack).toMatchObject([{auditId: '1'}]);
	});

	it('with megabytes of rounds after a change still has its way back, and the screen has its turn meanwhile', async () => {
		const keys = Array.from({length: 250}, (_, index) => `session:${'x'.repeat(20)}:${index}`);
		const rounds = Array.from({length: 1200}, (_, index) => round('batch', index + 1, String(index * 250), [['UNLINK', ...keys]]));
		const file = writeLog([raised('1', '700', '1400'), auditLine('batch', 'intent'), ...rounds].join('\n'));
		let turns = 0;
		const count = () => {
			turns += 1;
			next = setImmediate(count);
		};
		let next = setImmediate(count);
		const {open, waysBack} = await readPast(file, auditTarget);
		clearImmediate(next);
		expect(waysBack).toHaveLength(1);
		expect(open).toMatchObject([{rounds: 1200, account: '299750 done', isCut: false}]);
		// Others had their turn between the pieces.
		expect(turns).toBeGreaterThan(10);
	});

	it('is read from its end: what is further back than that is not', async () => {
		const filler = `${auditLine('x', 'outcome', {target: 'other', detail: 'x'.repeat(1_000_000)})}\n`.repeat(34);
		const file = writeLog(`${raised('1', '700', '1400')}\n${auditLine('2', 'intent')}\n${filler}${raised('3', '7', '14')}\n`);
		const {open, waysBack} = await readPast(file, auditTarget);
		expect(open).toEqual([]);
		expect(waysBack.map(({auditId}) => auditId)).toEqual(['3']);
	});
});
