import {copyFileSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import {runReport} from '../../src/commands/report.ts';
import {UsageError} from '../../src/errors.ts';
import {record, type Timeline} from '../../src/store/timeline.ts';
import {auditLine} from '../helpers/audit-log.ts';
import {noonMs, stateWith} from '../helpers/fixtures.ts';
import {finding} from '../helpers/played-recording.ts';
import {scratchFolder, testRecorder} from '../helpers/recording.ts';
import {reportTarget} from '../helpers/report.ts';

const second = (count: number) => noonMs + count * 1000;

/** Twenty seconds, in which the server was BUSY from the fifth to the tenth, as the console writes them. */
async function recordedIn(folder: string): Promise<string> {
	let timeline: Timeline = [];
	const stateAt = (count: number) => {
		const isBusy = count >= 5 && count < 10;
		if (count === 5)
			timeline = record(timeline, [{atMs: second(5), kind: 'found', severity: 'P0', text: 'script.busy: stuck', details: [], subject: 'script.busy'}]);
		if (count === 10)
			timeline = record(timeline, [{atMs: second(10), kind: 'over', severity: 'P0', text: 'script.busy is over', details: [], subject: 'script.busy'}]);
		return stateWith({nowMs: second(count), timeline, findings: isBusy ? [finding('script.busy', 'P0')] : []});
	};
	const recorder = await testRecorder({place: {folder}, state: stateAt(0)});
	for (let count = 1; count <= 20; count++) await recorder.second(stateAt(count));
	await recorder.end();
	const [name = ''] = readdirSync(folder).filter(each => each.endsWith('.rec'));
	return join(folder, name);
}

const log = (id: string) =>
	`${auditLine(id, 'intent', {at: new Date(second(8)).toISOString(), target: reportTarget, action: 'script.kill', plan: [['SCRIPT', 'KILL']]})}\n`;

async function setUp() {
	const home = scratchFolder();
	const folder = join(home, '.local/state/redis-triage/recordings');
	mkdirSync(folder, {recursive: true});
	const file = await recordedIn(folder);
	const auditFile = join(folder, '../audit.jsonl');
	const run = (flags: {readonly file?: string; readonly out?: string; readonly json?: boolean} = {}) =>
		runReport({out: undefined, json: false, file, ...flags}, {env: {}, homeFolder: home, program: 'redis-triage 0.1.0'});
	return {home, folder, file, auditFile, run};
}

describe('the report of a recording', () => {
	it('goes to stdout, with what the audit log beside its folder says', async () => {
		const {auditFile, run} = await setUp();
		writeFileSync(auditFile, log('run-1'));
		const {text, message} = await run();
		expect(message).toBeUndefined();
		expect(text).toContain('| Start | 2025-01-01 12:00:05Z');
		expect(text).toContain('| End | 2025-01-01 12:00:10Z |');
		expect(text).toContain('### 1. `script.kill`: outcome not known');
		expect((await run()).text).toBe(text);
	});

	it('is one line of JSON with --json', async () => {
		const {text} = await (await setUp()).run({json: true});
		expect(text).toMatch(/^\{[^\n]+\}\n$/);
		expect(JSON.parse(text ?? '')).toMatchObject({
			schema: 1,
			status: 'monitoring',
			severity: 'P0',
			start: new Date(second(5)).toISOString(),
			durationSeconds: 5,
		});
	});

	it('finds a log that was copied together with the recording, and else the one of the state folder', async () => {
		const {home, file, auditFile, run} = await setUp();
		writeFileSync(auditFile, log('of-the-state-folder'));
		const elsewhere = join(home, 'a/b');
		mkdirSync(elsewhere, {recursive: true});
		const copy = join(elsewhere, 'x.rec');
		copyFileSync(file, copy);
		expect((await run({file: copy})).text).toContain('of-the-state-folder');
		writeFileSync(join(elsewhere, 'audit.jsonl'), log('copied'));
		expect((await run({file: copy})).text).toContain('Audit id: `copied`');
	});

	it('says that there is no log', async () => {
		expect((await (await setUp()).run()).text).toContain('There is no audit log');
	});

	it('goes into a new file that only its owner may read, and never over one that is there', async () => {
		const {home, run} = await setUp();
		const out = join(home, 'incident.md');
		expect(await run({out})).toEqual({text: undefined, message: undefined});
		const written = readFileSync(out, 'utf8');
		expect(written).toBe((await run()).text);
		expect(statSync(out).mode & 0o777).toBe(0o600);
		writeFileSync(out, 'worked on');
		await expect(run({out})).rejects.toThrow(new UsageError(`-o: ${out} is there already: give another name, or - for stdout`));
		expect(readFileSync(out, 'utf8')).toBe('worked on');
		expect(readdirSync(home).filter(name => name.startsWith('incident'))).toEqual(['incident.md']);
	});

	it('says with -o and in words why it cannot be written', async () => {
		const {home, file, run} = await setUp();
		for (const [out, why] of [
			[join(home, 'no/where.md'), 'there is no such folder'],
			[join(file, 'x.md'), 'a part of the path is no folder'],
		] as const)
			await expect(run({out})).rejects.toThrow(new UsageError(`-o: ${out} cannot be written: ${why}`));
	});

	it('of a damaged recording goes up to the damage, and says so in the document and beside it', async () => {
		const {file, run} = await setUp();
		const bytes = readFileSync(file);
		// All of the first frame, the largest by far, comes before it.
		bytes.fill(0xff, bytes.length - 300, bytes.length - 280);
		writeFileSync(file, bytes);
		const {text, message} = await run();
		expect(message).toMatch(/^redis-triage: \S+\.rec is damaged at byte \d+ of \d+ \(.+\): the report goes to 12:00:\d\dZ, what came after is not in it$/);
		expect(text).toMatch(/^- The recording is damaged at byte \d+ of \d+/m);
	});

	it('is refused for what is no recording', async () => {
		const {home, run} = await setUp();
		const other = join(home, 'other');
		writeFileSync(other, 'hello');
		await expect(run({file: other})).rejects.toThrow(new UsageError(`${other} is not a recording of redis-triage`));
		await expect(run({file: join(home, 'none')})).rejects.toThrow(/none cannot be read: there is no such file/);
	});
});
