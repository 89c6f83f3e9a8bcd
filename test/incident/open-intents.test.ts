import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {expect, it, onTestFinished} from 'vitest';
import {openIntents, readOpenIntents} from '../../src/incident/open-intents.ts';

const entry = (id: string, phase: 'intent' | 'outcome', more: object = {}) =>
	JSON.stringify({
		at: '2026-11-21T03:00:00.000Z',
		id,
		phase,
		operator: 'alice',
		host: 'bastion',
		target: '127.0.0.1:6379',
		action: 'client.kill',
		danger: 'disruptive',
		plan: [],
		...more,
	});
const intent = {at: '2026-11-21T03:00:00.000Z', action: 'client.kill', operator: 'alice'};

it.each([
	['an intent alone', [entry('1', 'intent')], [intent]],
	['an intent with its outcome', [entry('1', 'intent'), entry('1', 'outcome')], []],
	['an outcome of another run', [entry('1', 'intent'), entry('2', 'outcome')], [intent]],
	['another target', [entry('1', 'intent', {target: '127.0.0.1:7000'})], []],
	['a cut first and a damaged last line', ['"phase":"intent"}', entry('1', 'intent'), '{"at":'], [intent]],
	['lines that are no objects', ['null', '7', ''], []],
])('%s', (_name, lines, expected) => {
	expect(openIntents(lines.join('\n'), '127.0.0.1:6379')).toEqual(expected);
});

it('reads the end of a long log, and nothing where there is none', async () => {
	const folder = mkdtempSync(join(tmpdir(), 'redis-triage-test-'));
	onTestFinished(() => rmSync(folder, {recursive: true}));
	const file = join(folder, 'audit.jsonl');
	await expect(readOpenIntents(file, '127.0.0.1:6379')).resolves.toEqual([]);
	writeFileSync(file, `${`${entry('0', 'outcome')}\n`.repeat(5000)}${entry('1', 'intent')}\n`);
	await expect(readOpenIntents(file, '127.0.0.1:6379')).resolves.toEqual([intent]);
});
