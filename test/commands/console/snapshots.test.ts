import {mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {expect, it, onTestFinished} from 'vitest';
import {baseName, Papers} from '../../../src/commands/console/papers.ts';
import {takeSnapshot} from '../../../src/commands/console/take-snapshot.ts';
import {noonMs, storeWith} from '../../helpers/fixtures.ts';

function setUp({columns = 200, isAscii = false} = {}) {
	const homeFolder = mkdtempSync(join(tmpdir(), 'redis-triage-home-'));
	onTestFinished(() => rmSync(homeFolder, {recursive: true}));
	const store = storeWith({ui: {size: {columns, rows: 40}}});
	const folder = `${homeFolder}/state/snapshots`;
	const now = () => noonMs;
	const papers = new Papers({store, homeFolder, isAscii, now});
	const take = () => takeSnapshot({papers, shown: store.getState, screenText: () => 'the screen\n', folder, now});
	return {homeFolder, folder, snapshots: {take, settle: () => papers.settle()}, notice: () => store.getState().ui.notice};
}

it('writes data and screen, and says where; a second one in the same second is another one', async () => {
	const {folder, snapshots, notice} = setUp();
	snapshots.take();
	await snapshots.settle();
	expect(notice()).toMatchObject({text: 'Written: ~/state/snapshots/2025-01-01T12-00-00Z-cache.json and .txt', tone: 'good'});
	snapshots.take();
	snapshots.take();
	await snapshots.settle();
	const names = ['', '-2', '-3'].flatMap(number => ['.json', '.txt'].map(ending => `2025-01-01T12-00-00Z-cache${number}${ending}`));
	expect(readdirSync(folder).toSorted()).toEqual(names.toSorted());
	expect(readFileSync(join(folder, names[1] ?? ''), 'utf8')).toBe('the screen\n');
	expect(JSON.parse(readFileSync(join(folder, names[0] ?? ''), 'utf8'))).toMatchObject({schema: 1, target: 'cache 10.0.0.9:6379'});
});

it.each([
	[false, 60, 'Written: ~/state/s…025-01-01T12-00-00Z-cache.json and .txt'],
	[true, 50, 'Written: ~/state~1T12-00-00Z-cache.json and .txt'],
])('shortens the path in its middle (ASCII %s, %i columns)', async (isAscii, columns, text) => {
	const {snapshots, notice} = setUp({columns, isAscii});
	snapshots.take();
	await snapshots.settle();
	expect(notice()?.text).toBe(text);
});

it('says why it could not, and the next one may go well', async () => {
	const {homeFolder, folder, snapshots, notice} = setUp();
	writeFileSync(join(homeFolder, 'state'), '');
	snapshots.take();
	await snapshots.settle();
	expect(notice()).toMatchObject({text: 'Snapshot not written: ENOTDIR: not a directory: ~/state/snapshots', tone: 'bad'});
	rmSync(join(homeFolder, 'state'));
	snapshots.take();
	await snapshots.settle();
	expect(readdirSync(folder)).toHaveLength(2);
});

it.each([
	['prod-cache', 'prod-cache'],
	['127.0.0.1:6379', '127.0.0.1-6379'],
	['[::1]:6379', '1-6379'],
	['/run/redis/redis.sock', 'run-redis-redis.sock'],
	['../../etc', 'etc'],
	['a b\u001b[31m"c"', 'a-b-31m-c'],
	['日本', 'redis'],
	['x'.repeat(300), 'x'.repeat(60)],
])('%s is %s in the name of a file', (target, name) => {
	expect(baseName(target, Date.UTC(2026, 10, 29, 3, 14, 15, 999))).toBe(`2026-11-29T03-14-15Z-${name}`);
});
