import {afterAll, beforeAll, expect, it, onTestFinished} from 'vitest';
import {phases} from '../../helpers/action-server.ts';
import {openSentinelSession} from '../../helpers/sentinel-session.ts';
import {downAfterOf, type Group, masterName, startSentinels} from '../../helpers/sentinels.ts';
import {endlessEval, startEndless} from '../../helpers/stuck-script.ts';

let group: Group;
beforeAll(async () => {
	group = await startSentinels({downAfterMs: 30_000, server: {conf: {'busy-reply-threshold': 100}}});
}, 60_000);
afterAll(() => group.stop());

const id = 'sentinel.down-after';
const setTo = (ms: number) => ['SENTINEL', 'SET', masterName, 'down-after-milliseconds', String(ms)];
const downAfters = () => Promise.all(group.group.map(downAfterOf));

async function withValues(...values: readonly number[]) {
	await Promise.all(group.group.map(({call}, index) => call(...setTo(values[index] ?? values[0] ?? 30_000))));
	return openSentinelSession(group);
}

it('tells every Sentinel, reads it back, and takes it back', async () => {
	const {run, nodes, told, audit} = await withValues(30_000);
	const {request, result} = await run(id, {choice: {set: {ms: '60000'}}});
	expect(request).toMatchObject({plan: nodes.map(() => setTo(60_000)), places: nodes, danger: 'disruptive', word: undefined});
	expect(request?.facts).toEqual([
		['master', masterName],
		['now', '30000 ms'],
		['new', '60000 ms'],
	]);
	expect(told()).toEqual(nodes.map(() => [setTo(60_000)]));
	expect(result).toMatchObject({outcome: 'done', detail: 'down-after-milliseconds is 60000 ms on 3 of 3 Sentinels', undo: nodes.map(() => setTo(30_000))});
	expect(await downAfters()).toEqual([60_000, 60_000, 60_000]);

	const [, outcome] = await audit();
	const values = (ms: number) => Object.fromEntries(nodes.map(node => [`down-after-milliseconds on ${node}`, String(ms)]));
	expect(outcome).toMatchObject({before: {values: values(30_000)}, after: {values: values(60_000)}, undo: {action: id, set: {ms: '30000', from: '60000'}}});
	expect((await run(id, {choice: {set: {ms: '30000', from: '60000'}}})).result.outcome).toBe('done');
	expect(await downAfters()).toEqual([30_000, 30_000, 30_000]);
	expect((await run(id, {choice: {set: {ms: '30000', from: '60000'}}})).result).toMatchObject({
		outcome: 'refused',
		detail: 'down-after-milliseconds is so already on every Sentinel',
	});
	expect(phases(await audit())).toEqual(['intent', 'outcome done', 'intent', 'outcome done', 'outcome refused']);
});

it('offers twice what it is', async () => {
	const {run} = await withValues(20_000);
	expect((await run(id, {confirm: () => false})).request?.plan[0]).toEqual(setTo(40_000));
});

it('gives back to each its own where they differed', async () => {
	const {run, nodes, told} = await withValues(10_000, 20_000, 30_000);
	const {request, result} = await run(id, {choice: {set: {ms: '60000'}}});
	expect(request?.facts).toContainEqual(['now', `20000 ms on ${nodes[1]}`]);
	expect(result).toMatchObject({outcome: 'done', undo: [setTo(10_000), setTo(20_000), setTo(30_000)]});
	const ms = nodes.map((node, index) => `${node}=${(index + 1) * 10_000}`).join(',');
	expect((await run(id, {choice: {set: {ms, from: '60000'}}})).result.outcome).toBe('done');
	expect(await downAfters()).toEqual([10_000, 20_000, 30_000]);
	expect(told()).toEqual([10_000, 20_000, 30_000].map(old => [setTo(60_000), setTo(old)]));
});

it('tells the others where one is silent, and says exactly what is so where', async () => {
	const {run, nodes, told} = await withValues(30_000);
	const silent = group.group[1];
	silent?.signal('SIGSTOP');
	onTestFinished(() => void silent?.signal('SIGCONT'));
	const {request, result} = await run(id, {choice: {set: {ms: '60000'}}});
	const why = 'it takes connections and does not answer in 1500 ms';
	expect(request?.facts).toContainEqual(['silent', `${nodes[1]}: ${why}`]);
	expect(request?.places).toEqual(nodes);
	expect(told()).toEqual([[setTo(60_000)], [], [setTo(60_000)]]);
	expect(result).toMatchObject({
		outcome: 'unverified',
		detail: `down-after-milliseconds is 60000 ms on 2 of 3 Sentinels; ${nodes[1]}: ${why}; it cannot be read there`,
	});
	silent?.signal('SIGCONT');
	expect(await downAfters()).toEqual([60_000, 30_000, 60_000]);
	const ms = `${nodes[0]}=30000,${nodes[2]}=30000`;
	expect(result.undo).toEqual([setTo(30_000), setTo(30_000)]);
	expect((await run(id, {choice: {set: {ms, from: '60000'}}})).result.outcome).toBe('done');
	expect(await downAfters()).toEqual([30_000, 30_000, 30_000]);
}, 30_000);

it('sends nothing when it is left, nor what somebody has changed since', async () => {
	const {run, told, audit} = await withValues(30_000);
	expect((await run(id, {choice: {set: {ms: '60000'}}, confirm: () => false})).result.outcome).toBe('cancelled');
	expect((await run(id, {choice: {set: {ms: '10000', from: '60000'}}})).result).toMatchObject({
		outcome: 'refused',
		detail: 'Somebody has changed it since: it is 30000 now, not 60000',
	});
	expect(told()).toEqual([[], [], []]);
	expect(phases(await audit())).toEqual(['outcome cancelled', 'outcome refused']);
});

it('sends it once where the reply is lost, and reads back what became of it', async () => {
	const {run, nodes, told, proxies} = await withValues(30_000);
	const lost = proxies[1]?.loseReplyTo(([, subcommand]) => subcommand === 'SET');
	const {result} = await run(id, {choice: {set: {ms: '60000'}}});
	await lost;
	expect(told()).toEqual(nodes.map(() => [setTo(60_000)]));
	expect(result).toMatchObject({outcome: 'done', detail: 'down-after-milliseconds is 60000 ms on 3 of 3 Sentinels'});
});

it('works while the master is BUSY', async () => {
	const {run, session} = await withValues(30_000);
	const {ended} = await startEndless(group.master, endlessEval);
	await session.until('it is BUSY', ({snapshot: {server}}) => server.kind === 'BUSY');
	expect((await run(id, {choice: {set: {ms: '60000'}}})).result.outcome).toBe('done');
	await group.master.call('SCRIPT', 'KILL');
	await ended;
});
