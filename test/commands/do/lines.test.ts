import {describe, expect, it} from 'vitest';
import {registryOf} from '../../../src/actions/registry.ts';
import {endingCode, endingLines, toEnding} from '../../../src/commands/do/ending.ts';
import {previewLines, toPreview} from '../../../src/commands/do/preview.ts';
import {progressText, Teller} from '../../../src/commands/do/progress.ts';
import type {Way} from '../../../src/commands/do/undo-line.ts';
import type {ActionResult, ConfirmRequest} from '../../../src/store/dialog.ts';
import {bindIn, simple} from '../../helpers/action-run.ts';
import {stateWith} from '../../helpers/fixtures.ts';

const state = stateWith({});
const request = (parts: Partial<ConfirmRequest>): ConfirmRequest => ({...bindIn(simple('disruptive'), {}).request, ...parts});
const linesOf = (parts: Partial<ConfirmRequest>) =>
	previewLines(toPreview(request(parts), {action: simple('disruptive'), state, auditTarget: 'prod 10.0.0.1:6379'}), 'master');

describe('the preview', () => {
	it('shows twenty commands and counts the rest; each is one line, however long', () => {
		const plan = Array.from({length: 300}, (_, index) => ['UNLINK', `key:${index}`.padEnd(120, 'x')]);
		const lines = linesOf({plan, goesOn: 'then the same with the next cursor'});
		expect(lines.filter(text => text.includes('UNLINK'))).toHaveLength(20);
		expect(lines).toContain('           and 280 more');
		expect(lines).toContain('           then the same with the next cursor');
	});

	it('cuts a script as the dialog does, says where a command goes, and shows no password', () => {
		const lines = linesOf({
			plan: [
				['EVAL', `-- retry one job\n${'x'.repeat(80)}\nreturn 1`, '0'],
				['CONFIG', 'SET', 'requirepass', 'hunter2'],
			],
			places: ['10.0.0.1:26379'],
		});
		expect(lines).toContain('  sends    EVAL "<retry one job: 3 lines>" 0   on 10.0.0.1:26379');
		expect(lines).toContain('           CONFIG SET requirepass ***');
		expect(lines.join('\n')).not.toContain('hunter2');
	});

	it('ticks what holds, and takes what is not known for no no', () => {
		const checks = () => [
			{label: 'it answers', ok: true},
			{label: 'it has not written', ok: undefined, reason: 'It has written'},
			{label: 'it is there', ok: false, reason: 'It has gone'},
		];
		expect(linesOf({checks})).toEqual(expect.arrayContaining(['  ok it answers', '  ?  it has not written: not known', '  NO It has gone']));
		const {checks: told} = toPreview(request({checks}), {action: simple('safe'), state, auditTarget: ''});
		expect(told.map(({ok, reason}) => [ok, reason])).toEqual([
			[true, null],
			[null, null],
			[false, 'It has gone'],
		]);
	});

	it('says what would run it', () => {
		expect(linesOf({}).at(-1)).toBe('  To run it: --yes');
		expect(linesOf({danger: 'destructive', word: 'prod'}).at(-1)).toBe('  To run it: --confirm prod');
		expect(linesOf({danger: 'safe'}).at(-1)).toBe('  It runs without being asked for a confirmation.');
		expect(linesOf({danger: 'safe', isProduction: true}).at(-1)).toBe('  To run it: --yes');
	});
});

describe('the ending', () => {
	const way: Way = {
		connection: {} as Way['connection'],
		configFile: undefined,
		target: {} as Way['target'],
		registry: registryOf(),
	};
	const result: ActionResult = {outcome: 'failed', detail: 'exit code 3', next: ['Look at it'], undo: undefined, output: ['first\u001b[2J', 'second']};
	const told = {note: undefined, auditId: undefined, progress: undefined, auditTarget: 'prod', auditFile: '/a.jsonl', way};

	it('begins with its word, and has the output of a program', () => {
		expect(endingLines(toEnding('hook.restart', {...told, result}))).toEqual([
			'FAILED exit code 3',
			'  now    Look at it',
			'  output first\u001b[2J',
			'         second',
			'  audit  /a.jsonl',
		]);
	});

	it('has an exit code for every outcome', () => expect(endingCode).toEqual({done: 0, failed: 1, refused: 1, cancelled: 1, unverified: 3, unknown: 3}));
});

describe('progress', () => {
	const batch = {unit: 'keys', total: 3000, done: 1000, skipped: 2, failed: 0, rounds: 4, slowestRoundMs: 3, pauseMs: 5};
	it.each([
		[{batch, startedAtMs: 0, atMs: 2000}, '1,000 of 3,000 keys done, 2 skipped, 501/s, about 3.9s left'],
		[{batch: {...batch, total: undefined, failed: 1}, startedAtMs: 0, atMs: 0}, '1,000 keys done, 2 skipped, 1 failed'],
		[{output: ['one', 'two'], startedAtMs: 0, atMs: 2000}, 'two'],
		[{startedAtMs: 0, atMs: 2000}, 'under way for 2s'],
	])('%#', (progress, text) => expect(progressText(progress)).toBe(text));

	it('on a terminal is one line, rewritten and taken away again; elsewhere a line every five seconds', () => {
		let nowMs = 0;
		const clock = {now: () => nowMs, sleep: () => Promise.resolve()};
		const tellAll = (isTerminal: boolean) => {
			const written: string[] = [];
			nowMs = 0;
			const teller = new Teller({isTerminal, columns: 12, write: text => written.push(text)}, clock);
			for (nowMs = 1000; nowMs <= 11_000; nowMs += 1000) teller.tell(`at ${nowMs}\u001b[2J and more`);
			teller.clear();
			return written;
		};
		const onTerminal = tellAll(true);
		expect(onTerminal).toHaveLength(12);
		expect(onTerminal[0]).toBe('\r\u001b[Kat 1000␛[2J');
		expect(onTerminal.at(-1)).toBe('\r\u001b[K');
		expect(tellAll(false)).toEqual(['at 5000␛[2J and more\n', 'at 10000␛[2J and more\n']);
	});
});
