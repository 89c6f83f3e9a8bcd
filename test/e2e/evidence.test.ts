import {randomBytes} from 'node:crypto';
import {readdir, readFile, rm, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {inspect} from 'node:util';
import {expect, it} from 'vitest';
import {openRecording} from '../../src/incident/recording/read-recording.ts';
import {operator, password} from '../helpers/acl.ts';
import {startForTest} from '../helpers/server-session.ts';
import {smallDisk} from '../helpers/small-disk.ts';
import {endlessEval, startEndless} from '../helpers/stuck-script.ts';
import {isUp, listens, startTriage} from '../helpers/triage.ts';

const busyAtOnce = {conf: {'busy-reply-threshold': 300}};

it('on a full disk it stays usable and says so once; an action that cannot be written down is not sent, unless --no-audit was given', async ctx => {
	const disk = smallDisk(256);
	if (disk === undefined) return ctx.skip('this user may not mount a small disk');
	await writeFile(join(disk, 'ballast'), randomBytes(256 * 1024)).catch(() => {});
	const redis = await startForTest(busyAtOnce);
	const careful = await startTriage([redis.url], {env: {XDG_STATE_HOME: disk}});
	await careful.waitFor('This session is not recorded');
	await careful.waitFor(isUp);
	const {ended} = await startEndless(redis, endlessEval);
	await careful.waitFor(/BUSY \d/);
	await careful.press('K');
	await careful.waitFor(listens);
	await careful.press('y');
	await careful.waitFor(/REFUSED +Nothing was sent: the audit log cannot be written \(ENOSPC/);
	await careful.press('Escape');
	await careful.waitFor(screen => !screen.includes('REFUSED'));
	await careful.press('6');
	const told = await careful.waitFor('newest first');
	expect(told.match(/This session is not recorded/g)).toHaveLength(1);
	await careful.press('q');
	expect(await careful.backAtShell()).toBe(0);

	const bold = await startTriage([redis.url, '--no-audit'], {env: {XDG_STATE_HOME: disk}});
	await bold.waitFor(/BUSY \d.* GUARDED NO AUDIT/);
	await bold.press('K');
	await bold.waitFor(listens);
	await bold.press('y');
	await bold.waitFor(/DONE/, 15_000);
	expect(await ended).toMatch(/killed by user/);
	await bold.press('Escape');
	await bold.waitFor(screen => !screen.includes('DONE'));
	await bold.press('6');
	await bold.waitFor('script.kill: the audit log has no outcome of it (--no-audit)');
});

it('without a folder to write to it does not start the worse for it', async () => {
	const redis = await startForTest();
	const triage = await startTriage([redis.url], {env: {XDG_STATE_HOME: '/dev/null'}});
	await triage.waitFor(isUp);
	await triage.press('6');
	await triage.waitFor('This session is not recorded');
	await triage.press('R');
	await triage.waitFor(/This session is not recorded: \/dev\/null/);
	await triage.press('q');
	expect(await triage.backAtShell()).toBe(0);
});

/** In no way that it could have been written. */
async function filesBelow(folder: string): Promise<readonly string[]> {
	const entries = await readdir(folder, {recursive: true, withFileTypes: true});
	return entries.filter(entry => entry.isFile()).map(entry => join(entry.parentPath, entry.name));
}

async function textOf(file: string): Promise<string> {
	if (!file.endsWith('.rec')) return readFile(file, 'utf8');
	const recording = await openRecording(file);
	const texts: string[] = [];
	for (let atMs: number | undefined = recording.fromMs; atMs !== undefined; atMs = recording.momentAfter(atMs))
		texts.push(inspect(recording.at(atMs), {depth: null, maxArrayLength: null, maxStringLength: null}));
	return texts.join('\n');
}

it('no password is in a file or on the screen after an incident: of the server, of users, in what clients send', async () => {
	const secrets = {inScript: 's3cret-of-a-script', inSetting: 's3cret-of-a-setting', inAcl: 's3cret-of-an-acl', inAuth: 's3cret-of-an-auth'};
	const redis = await startForTest({password, acl: [operator.acl], conf: {...busyAtOnce.conf, 'slowlog-log-slower-than': 0, 'slowlog-max-len': 1000}});
	const triage = await startTriage(['-p', String(redis.port), '--user', operator.name], {env: {REDISCLI_AUTH: operator.password}});
	await triage.waitFor(isUp);
	const client = await redis.connect();
	await client.call('EVAL', 'return #ARGV[1]', '1', 'a-key', secrets.inScript);
	await client.call('CONFIG', 'SET', 'masterauth', secrets.inSetting);
	await client.call('ACL', 'SETUSER', 'somebody', 'on', `>${secrets.inAcl}`, '+ping');
	await client.call('AUTH', 'somebody', secrets.inAuth).catch(() => {});
	const {ended} = await startEndless(redis, ['EVAL', 'while true do end', '1', 'another-key', secrets.inScript]);
	await triage.waitFor(/BUSY \d/);
	await triage.press('K');
	await triage.waitFor(listens);
	await triage.press('y');
	await triage.waitFor(/DONE/, 15_000);
	await ended;
	await triage.press('Escape');
	await triage.waitFor(screen => !screen.includes('DONE'));
	await triage.press('1');
	// The commands are there, without what must not be.
	await triage.press('/');
	await triage.waitFor('Enter keeps');
	await triage.type('a-key');
	await triage.waitFor(/EVAL .*a-key \*\*\*/);
	await triage.press('Enter');
	await triage.waitFor(screen => !screen.includes('Enter keeps'));
	await triage.press('w');
	await triage.waitFor(/Written: .*\.json and \.txt/);
	await triage.press('R');
	await triage.waitFor(/Written: .*\.md/, 20_000);
	await triage.press('q');
	expect(await triage.backAtShell()).toBe(0);

	const state = join(triage.home, '.local/state');
	const files = await filesBelow(state);
	expect(files.map(file => file.replace(/.*\./, '')).toSorted()).toEqual(['json', 'jsonl', 'md', 'rec', 'txt']);
	const texts = [await triage.rawOutput(), ...(await Promise.all(files.map(textOf)))];
	// What is looked for could be found: names are in there.
	expect(texts.filter(text => text.includes('a-key')).length).toBeGreaterThan(2);
	for (const secret of [password, operator.password, ...Object.values(secrets)]) {
		const encoded = [secret, Buffer.from(secret).toString('base64').replace(/=+$/, ''), encodeURIComponent(secret)];
		for (const text of texts) for (const form of encoded) expect(text.includes(form), form).toBe(false);
	}
	await rm(state, {recursive: true});
});
