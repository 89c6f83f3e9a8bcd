import {readdir, readFile, stat, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {expect, it} from 'vitest';
import {check} from '../helpers/check-run.ts';
import {startForTest} from '../helpers/server-session.ts';
import {endlessEval, startEndless, untilBusy} from '../helpers/stuck-script.ts';
import {isUp, startTriage, type Triage} from '../helpers/triage.ts';
import {until} from '../helpers/until.ts';

/** What a second of time moves: ages, the clock, courses. */
const still = (screen: string): string => screen.replace(/[\d.]+s|\d\d:\d\d:\d\dZ|[▁-█]/g, ' ').replace(/ +/g, ' ');

type Snapshot = {
	readonly name: string;
	readonly json: Readonly<Record<string, unknown>> & {readonly snapshot: Readonly<Record<string, unknown>>};
	readonly text: string;
};

const folderOf = ({home}: Triage): string => join(home, '.local/state/redis-triage/snapshots');

/** The snapshot that is not among those that are known, once the console says that it is there. */
async function newestOf(triage: Triage, known: readonly Snapshot[] = []): Promise<Snapshot> {
	const name = await until(`snapshot ${known.length + 1} is written`, async () => {
		const files = await readdir(folderOf(triage)).catch(() => []);
		const newest = files.find(file => file.endsWith('.json') && known.every(other => other.name !== file));
		return newest !== undefined && (await triage.screen()).includes(`/${newest} and .txt`) ? newest : undefined;
	});
	const read = (file: string) => readFile(join(folderOf(triage), file), 'utf8');
	return {name, json: JSON.parse(await read(name)) as Snapshot['json'], text: await read(name.replace(/json$/, 'txt'))};
}

it('w writes the screen and its data, at once also while the server is BUSY; of a frozen display the frozen moment', async () => {
	const redis = await startForTest({conf: {'busy-reply-threshold': 300}, password: 's3cret-word'});
	for (const name of ['web-1', 'worker-mail']) await (await redis.connect()).call('CLIENT', 'SETNAME', name);
	const triage = await startTriage([redis.url]);
	await triage.waitFor(isUp);
	await triage.press('2');
	await triage.waitFor('worker-mail');
	// What is at risk with any bare server: no limit, no replica, nothing saved. Until then the strip goes on counting.
	await triage.waitFor('1 of 3 f');
	await triage.press('Space');
	const screen = await triage.waitFor(/FROZEN .*FROZEN \d+s ago, Space goes on/s);
	await triage.press('w');
	const first = await newestOf(triage);
	expect(first.name).toMatch(/^\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ-127\.0\.0\.1-\d+\.json$/);
	expect(still(first.text).trimEnd()).toBe(still(screen).trimEnd());
	const {report} = await check([redis.url]);
	expect(Object.keys(first.json)).toEqual([...Object.keys(report), 'snapshot', 'timeline']);
	expect(first.json).toMatchObject({schema: 1, state: 'OK', severity: report.severity, target: report.target, queues: []});
	expect(JSON.stringify(first.json.snapshot)).toContain('worker-mail');
	expect((await stat(folderOf(triage))).mode & 0o777).toBe(0o700);
	for (const file of await readdir(folderOf(triage))) expect((await stat(join(folderOf(triage), file))).mode & 0o777).toBe(0o600);

	const {ended} = await startEndless(redis, endlessEval);
	await untilBusy(redis);
	await triage.waitFor(/BUSY \d/);
	await triage.press('w');
	const frozen = await newestOf(triage, [first]);
	expect(frozen.json).toMatchObject({at: first.json.at, state: 'OK', snapshot: {frozenAt: first.json.at, stateNow: 'BUSY', view: 'clients'}});
	expect(frozen.text).toMatch(/BUSY \d.*FROZEN/s);

	await triage.press('Space');
	await triage.waitFor(now => !now.includes('FROZEN'));
	// Out of the palette, which is gone from the screen by then.
	await triage.press(':');
	await triage.waitFor('type to find');
	await triage.type('snapshot');
	await triage.waitFor(/▸ snapshot/);
	await triage.press('Enter');
	const busy = await newestOf(triage, [first, frozen]);
	expect(busy.json).toMatchObject({state: 'BUSY', severity: 'P0', snapshot: {frozenAt: null, overlay: null}});
	expect(busy.text).toMatch(/BUSY \d/);
	expect(busy.text).not.toContain('type to find');
	for (const {json, text} of [first, frozen, busy]) expect(JSON.stringify(json) + text).not.toMatch(/s3cret|\u001b/);
	await redis.call('SCRIPT', 'KILL');
	await ended;
});

it('a folder that cannot be written is told, and the console goes on', async () => {
	const redis = await startForTest();
	const triage = await startTriage([redis.url, '--no-record'], {cols: 80, rows: 24});
	await triage.waitFor(isUp);
	await writeFile(join(triage.home, '.local'), '');
	await triage.press('w');
	await triage.waitFor(/^ Snapshot not written: E[A-Z]+: [a-z ]+: ~\//m);
	await triage.press('2');
	await triage.waitFor(/2 Clients/);
	await triage.press('q');
	expect(await triage.backAtShell()).toBe(0);
});
