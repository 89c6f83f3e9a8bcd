import {mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync} from 'node:fs';
import {type FileHandle, open} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, expect, it, vi} from 'vitest';
import {type AuditEntry, appendAudit} from '../../src/incident/audit.ts';

const intent: AuditEntry = {
	at: '2025-01-01T12:00:00.000Z',
	id: 'run-1',
	phase: 'intent',
	operator: 'alice from 10.0.0.9',
	host: 'bastion1',
	target: 'cache 10.0.0.9:6379',
	action: 'client.kill',
	danger: 'disruptive',
	plan: [['CLIENT', 'KILL', 'ID', '7']],
	before: {state: 'OK', connectedClients: 12},
};
const outcome: AuditEntry = {...intent, at: '2025-01-01T12:00:01.000Z', phase: 'outcome', outcome: 'done', detail: 'line 1\nline 2', after: {state: 'OK'}};

let dir = '';
beforeEach(() => {
	dir = mkdtempSync(join(tmpdir(), 'redis-triage-audit-'));
});
afterEach(() => {
	vi.restoreAllMocks();
	rmSync(dir, {recursive: true, force: true});
});

const modeOf = (path: string): number => statSync(path).mode & 0o777;
const fileIn = (...folders: readonly string[]): string => join(dir, ...folders, 'audit.jsonl');

it('appends one line of JSON an entry: the intent, then the outcome', async () => {
	const file = fileIn();
	await appendAudit(file, intent);
	await appendAudit(file, outcome);
	const lines = readFileSync(file, 'utf8').split('\n');
	expect(lines.at(-1)).toBe('');
	expect(lines.slice(0, -1).map(text => JSON.parse(text))).toEqual([intent, outcome]);
});

it('has the fields of the contract in their order', async () => {
	await appendAudit(fileIn(), outcome);
	expect(Object.keys(JSON.parse(readFileSync(fileIn(), 'utf8')))).toEqual(
		expect.arrayContaining(['at', 'id', 'phase', 'operator', 'host', 'target', 'action', 'danger', 'plan', 'outcome', 'detail', 'before', 'after']),
	);
});

it('is for its owner only: file 0600, new folders 0700', async () => {
	const file = fileIn('state', 'redis-triage');
	await appendAudit(file, intent);
	expect([modeOf(file), modeOf(join(dir, 'state')), modeOf(join(dir, 'state', 'redis-triage'))]).toEqual([0o600, 0o700, 0o700]);
});

it('leaves what is there: entries of others, and the mode of a folder that is not ours', async () => {
	mkdirSync(join(dir, 'shared'), {mode: 0o755});
	writeFileSync(fileIn('shared'), '{"old":1}\n');
	await appendAudit(fileIn('shared'), intent);
	expect(readFileSync(fileIn('shared'), 'utf8').split('\n')[0]).toBe('{"old":1}');
	expect(modeOf(join(dir, 'shared'))).toBe(0o755);
});

it('begins a line of its own behind one that was cut', async () => {
	writeFileSync(fileIn(), '{"at":"2025-01-01T11:59');
	await appendAudit(fileIn(), intent);
	await appendAudit(fileIn(), outcome);
	const lines = readFileSync(fileIn(), 'utf8').split('\n');
	expect(lines[0]).toBe('{"at":"2025-01-01T11:59');
	expect(lines.slice(1, -1).map(text => JSON.parse(text))).toEqual([intent, outcome]);
});

it('is on the disk when it resolves: written, then flushed', async () => {
	const calls: string[] = [];
	const prototype = await fileHandlePrototype();
	for (const name of ['appendFile', 'datasync'] as const) {
		const original = prototype[name];
		vi.spyOn(prototype, name).mockImplementation(async function (this: FileHandle, ...args: unknown[]) {
			await Reflect.apply(original, this, args);
			calls.push(name);
		});
	}
	await appendAudit(fileIn(), intent);
	expect(calls).toEqual(['appendFile', 'datasync']);
});

it.each(['appendFile', 'datasync'] as const)('rejects when %s fails, and lets go of the file', async name => {
	let used: FileHandle | undefined;
	vi.spyOn(await fileHandlePrototype(), name).mockImplementation(async function (this: FileHandle) {
		used = this;
		throw new Error('ENOSPC: no space left on device');
	});
	await expect(appendAudit(fileIn(), intent)).rejects.toThrow('ENOSPC');
	expect(used?.fd).toBe(-1);
});

it('rejects where the folder cannot be made', async () => {
	writeFileSync(join(dir, 'file'), '');
	await expect(appendAudit(join(dir, 'file', 'audit.jsonl'), intent)).rejects.toThrow(/ENOTDIR|EEXIST/);
});

it('keeps entries of two writers apart', async () => {
	await Promise.all(Array.from({length: 20}, (_, index) => appendAudit(fileIn(), {...intent, id: `run-${index}`})));
	const ids = readFileSync(fileIn(), 'utf8')
		.trimEnd()
		.split('\n')
		.map(text => JSON.parse(text).id);
	expect(new Set(ids).size).toBe(20);
});

/** Where Node keeps what a file can do; there is no other way to see that a flush was asked for. */
async function fileHandlePrototype(): Promise<FileHandle> {
	const handle = await open(join(dir, 'any'), 'w');
	await handle.close();
	return Object.getPrototypeOf(handle);
}
