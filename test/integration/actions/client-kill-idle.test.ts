import {describe, expect, it, onTestFinished} from 'vitest';
import {openActionTest, phases} from '../../helpers/action-server.ts';
import {openIdleConnections} from '../../helpers/idle-connections.ts';
import {startForTest} from '../../helpers/server-session.ts';
import {until} from '../../helpers/until.ts';

type Test = Awaited<ReturnType<typeof openActionTest>>;

/** Idle for two seconds or longer by the server's own account. */
const untilIdle = (test: Pick<Test, 'redis'>, names: RegExp, count: number) =>
	until(`${count} are idle`, async () => {
		const lines = String(await test.redis.call('CLIENT', 'LIST')).split('\n');
		return lines.filter(line => names.test(line) && Number(/ idle=(\d+)/.exec(line)?.[1]) >= 2).length >= count;
	});

async function withIdle(count: number, options: Parameters<typeof openActionTest>[0] = {}) {
	const test = await openActionTest(options);
	const idle = await openIdleConnections(test.redis.port, count, {name: index => `api-${index % 3}`});
	onTestFinished(() => idle.close());
	await untilIdle(test, / name=api-/, count);
	return {...test, idle, kill: (answer: Parameters<Test['run']>[1] = {}) => test.run('client.kill-idle', {choice: {set: {idle: '2'}}, ...answer})};
}

const idsNamed = async ({redis}: Pick<Test, 'redis'>, name: RegExp) =>
	String(await redis.call('CLIENT', 'LIST'))
		.split('\n')
		.filter(line => name.test(line))
		.map(line => /^id=(\d+)/.exec(line)?.[1] ?? '');
const kills = (ids: readonly string[]) => ids.map(id => ['CLIENT', 'KILL', 'ID', id]);
const killsIn = (sent: readonly (readonly string[])[]) => sent.filter(([, subcommand]) => subcommand === 'KILL');

it('closes 300 idle connections by an exact list, and nobody else: worker, subscriber, replica, monitor, MULTI, tracking, who is active again', async () => {
	const test = await withIdle(300);
	const {redis} = test;
	await startForTest({replicaOf: redis.port});
	const others = await Promise.all(
		['worker', 'subscriber', 'multi', 'monitor', 'tracking', 'busy', 'young'].map(async name => ({name, client: await redis.connect()})),
	);
	for (const {name, client} of others) await client.call('CLIENT', 'SETNAME', `other-${name}`);
	const clientOf = (name: string) => others.find(other => other.name === name)?.client ?? expect.fail(name);
	void clientOf('worker')
		.call('BLPOP', 'jobs', '0')
		.catch(() => undefined);
	await clientOf('subscriber').call('SUBSCRIBE', 'news');
	await clientOf('multi').call('MULTI');
	await clientOf('tracking').call('HELLO', '3');
	await clientOf('tracking').call('CLIENT', 'TRACKING', 'ON');
	await clientOf('monitor').call('MONITOR');
	await untilIdle(test, / name=other-/, 6);
	const expected = [...(await idsNamed(test, / name=api-/)), ...(await idsNamed(test, / name=other-(busy|young)/))];

	let atWork: NodeJS.Timeout | undefined;
	const confirm = async () => {
		await clientOf('busy').call('GET', 'x');
		await clientOf('young').call('GET', 'x');
		atWork = setInterval(() => void Promise.all([clientOf('busy').call('GET', 'x'), clientOf('young').call('GET', 'x')]).catch(() => undefined), 300);
		return true;
	};
	const {request, result, told} = await test.kill({confirm});
	clearInterval(atWork);
	const planned = (request?.plan ?? []).map(argv => argv[3] ?? '');
	expect(request).toMatchObject({danger: 'destructive', word: expect.any(String), stops: 'batch', undo: expect.stringContaining('cannot be undone')});
	// The test's own connection to the server idles as well, or does not.
	expect(expected.filter(id => !planned.includes(id))).toEqual([]);
	expect(planned.length).toBeLessThanOrEqual(expected.length + 1);
	expect(Object.fromEntries(request?.facts ?? [])).toMatchObject({
		'idle for': expect.stringMatching(/^2s or longer: 30\d of 30\d ordinary clients$/),
		databases: `db0 ${planned.length}`,
		// Which of them come first depends on the moment: the console's own may have been idle for so long or not.
		'left alone': expect.stringMatching(/^\D+ \d, \D+ \d, \D+ \d, \d more$/),
	});

	const [busy = '', young = ''] = await idsNamed(test, / name=other-(busy|young)/);
	expect(killsIn(test.sent())).toEqual(kills(planned.filter(id => id !== busy && id !== young)));
	expect(killsIn(test.sent()).every(argv => argv[2] === 'ID')).toBe(true);
	expect(result).toMatchObject({outcome: 'done', detail: expect.stringMatching(/^30\d idle clients are disconnected, 2 active again/)});
	expect(told.at(-1)).toMatchObject({batch: {unit: 'clients', total: planned.length, skipped: 2, failed: 0}});
	await until('they are gone', () => test.idle.openCount() === 0);
	expect((await idsNamed(test, / name=other-/)).length).toBe(7);
	expect((await idsNamed(test, / flags=S /)).length).toBe(1);
	expect((await idsNamed(test, / name=redis-triage:/)).length).toBe(3);
	expect(phases(await test.audit())).toEqual(['intent', 'outcome done']);
	for (const {client} of others) client.close();
});

describe('what ends it', () => {
	it('the operator, in the dialog; and nobody who is idle', async () => {
		const test = await withIdle(3);
		expect((await test.kill({confirm: () => false})).result).toMatchObject({outcome: 'cancelled'});
		expect((await test.kill({choice: {set: {over: '1h'}}})).result).toMatchObject({
			outcome: 'refused',
			detail: 'No ordinary client has been idle for 1h00m or longer',
		});
		expect(test.sent()).toEqual([]);
		expect(test.idle.openCount()).toBe(3);
		expect(phases(await test.audit())).toEqual(['outcome cancelled', 'outcome refused']);
	});

	it('the operator, between two rounds', async () => {
		const test = await withIdle(300);
		const {result} = await test.kill({onProgress: ({batch}, stop) => (batch?.done ?? 0) > 0 && stop()});
		const done = killsIn(test.sent()).length;
		expect(done).toBeLessThan(300);
		expect(result).toMatchObject({
			outcome: 'cancelled',
			detail: expect.stringMatching(new RegExp(`^stopped between two rounds. ${done} done, \\d+ not tried`)),
		});
		await until('they are gone', () => test.idle.openCount() === 300 - done || test.idle.openCount() === 301 - done);
	});

	it('a lost reply: that round is unknown, and nothing is sent twice', async () => {
		const test = await withIdle(20);
		const lost = test.proxy.loseReplyTo(([, subcommand]) => subcommand === 'KILL');
		const {result} = await test.kill();
		await lost;
		expect(result).toMatchObject({outcome: 'unknown', detail: expect.stringMatching(/round 1 with 2\d clients is unknown; before it: 0 done/)});
		const sent = killsIn(test.sent()).map(argv => argv[3]);
		expect(new Set(sent).size).toBe(sent.length);
	});

	it('a read-only console', async () => {
		const test = await withIdle(3, {isReadOnly: true});
		expect((await test.kill()).result).toMatchObject({outcome: 'refused', detail: 'This console is read-only'});
		expect(test.idle.openCount()).toBe(3);
	});
});
