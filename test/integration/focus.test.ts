import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {expect, it, onTestFinished} from 'vitest';
import {systemClock} from '../../src/clock.ts';
import {Focus} from '../../src/commands/console/focus.ts';
import {keepTimeline} from '../../src/commands/console/keep-timeline.ts';
import type {TestRedis} from '../helpers/redis-server.ts';
import {startForTest, targetOf} from '../helpers/server-session.ts';
import {until} from '../helpers/until.ts';

async function openFocus(redis: TestRedis): Promise<Focus> {
	const folder = mkdtempSync(join(tmpdir(), 'redis-triage-focus-'));
	const focus = new Focus({
		target: await targetOf([redis.url]),
		clock: systemClock,
		isReadOnly: false,
		intervalMs: 200,
		label: 'tester@test',
		operator: 'tester',
		host: 'test',
		auditFile: join(folder, 'audit.jsonl'),
	});
	onTestFinished(() => {
		focus.close();
		rmSync(folder, {recursive: true, force: true});
	});
	return focus;
}

const ours = async (redis: TestRedis): Promise<number> => String(await redis.call('CLIENT', 'LIST')).split('redis-triage:tester').length - 1;
const untilRead = (focus: Focus, role: string) =>
	until(`a ${role} has been read`, () => {
		const {snapshot, session} = focus.store.getState();
		return snapshot.info.data?.role === role && /^(OK|READONLY)$/.test(snapshot.server.kind) && session.acting === 'open';
	});
const texts = (focus: Focus) => focus.store.getState().timeline.map(({kind, text}) => `${kind} ${text}`);

it('turns from a master to its replica and home again: another server on the same screen, and nothing of the one is left with the other', async () => {
	const master = await startForTest();
	const replica = await startForTest({conf: {replicaof: `127.0.0.1 ${master.port}`}});
	const focus = await openFocus(master);
	const {store} = focus;
	keepTimeline(store, systemClock);
	await untilRead(focus, 'master');
	const {markedClientIds} = store.getState().ui;
	store.setState(({ui}) => ({ui: {...ui, view: 'ha', markedClientIds: new Set([...markedClientIds, '7'])}}));

	const home = focus.target;
	focus.moveTo({...(await targetOf([replica.url])), name: 'replica'}, {text: 'Looking at the replica', keepsFigures: false});
	expect(store.getState().snapshot.info.data).toBeUndefined();
	expect(store.getState().ui).toMatchObject({view: 'ha', markedClientIds: new Set()});
	expect(store.getState().session).toMatchObject({target: {name: 'replica'}, home: {address: `127.0.0.1:${master.port}`}, mode: 'guarded'});
	await untilRead(focus, 'replica');
	await until('the connections to the master are closed', async () => (await ours(master)) === 0);
	expect(await ours(replica)).toBeGreaterThanOrEqual(2);
	// What acts goes where one looks, and nowhere else.
	await focus.session.actionDeps.send(['CONFIG', 'SET', 'timeout', '77'], 2000);
	expect([await replica.call('CONFIG', 'GET', 'timeout'), await master.call('CONFIG', 'GET', 'timeout')]).toEqual([
		['timeout', '77'],
		['timeout', '0'],
	]);

	focus.moveTo(home, {text: 'Looking at the master again', keepsFigures: false});
	await untilRead(focus, 'master');
	expect(store.getState().session.home).toBeUndefined();
	await until('the connections to the replica are closed', async () => (await ours(replica)) === 0);
	const told = texts(focus);
	for (const text of ['Looking at the replica', 'Looking at the master again']) expect(told.filter(line => line === `console ${text}`)).toHaveLength(1);
	// Two servers are not one that changed its mind.
	expect(told.filter(line => /role|is a (slave|master) now|restarted|Its master/.test(line))).toEqual([]);
});

it('the same data set under another address keeps its figures on the screen until new ones are there', async () => {
	const [first, second] = [await startForTest(), await startForTest()];
	const focus = await openFocus(first);
	await untilRead(focus, 'master');
	const {data, updatedAtMs} = focus.store.getState().snapshot.info;
	focus.moveTo({...(await targetOf([second.url])), name: focus.target.name}, {text: 'The master has moved', keepsFigures: true});
	const {snapshot} = focus.store.getState();
	expect(snapshot.info).toMatchObject({data: {...data, runId: undefined}, updatedAtMs});
	expect(snapshot.server.kind).toBe('CONNECTING');
	await until('the new one has been read', () => ![undefined, data?.runId].includes(focus.store.getState().snapshot.info.data?.runId));
	expect(focus.store.getState().snapshot.server.kind).toBe('OK');
});
