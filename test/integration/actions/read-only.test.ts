import {expect, it} from 'vitest';
import {registryOf} from '../../../src/actions/registry.ts';
import {ActionDesk} from '../../../src/commands/console/action-desk.ts';
import {keepActionStatus} from '../../../src/commands/console/action-status.ts';
import {Controller} from '../../../src/commands/console/controller.ts';
import {keymap} from '../../../src/keymap/keymap.ts';
import {openActionTest} from '../../helpers/action-server.ts';

/** What a console may send where it must not change anything, as INFO commandstats names it. */
const reads =
	/^(hello|ping|select|info|config\|get|slowlog\|get|scan|time|client\|(list|setname|id)|acl\|(whoami|dryrun)|type|exists|hmget|hget|hgetall|mget|get|ttl|pttl|llen|lrange|lindex|zcard|zcount|zrange|zrevrange|scard|hlen|xlen|xrevrange|xinfo\|.*|strlen|memory\|usage|dbsize|function\|stats)$/;

async function executed(call: (...argv: readonly string[]) => Promise<unknown>): Promise<ReadonlyMap<string, number>> {
	const stats = String(await call('INFO', 'commandstats'));
	return new Map([...stats.matchAll(/cmdstat_(\S+?):calls=(\d+)/g)].map(([, name = '', calls]) => [name, Number(calls)]));
}

it('runs no program and no MONITOR when it has become read-only after the word was given', async () => {
	const {session, proxy} = await openActionTest();
	session.setMode('read-only');
	const {runProgram, sample} = session.actionDeps;
	const {signal} = new AbortController();
	const refused = {name: 'NotSentError', message: 'this console is read-only'};
	await expect(runProgram(['true'], {env: {}, timeoutMs: 1000}, () => {}, signal)).rejects.toMatchObject(refused);
	await expect(sample({durationMs: 1000, maxBytes: 1024}, () => {}, signal)).rejects.toMatchObject(refused);
	expect(proxy.commands.filter(([name = '']) => /^MONITOR$/i.test(name))).toEqual([]);
});

it('a read-only console sends not one write, whichever action is tried: by its key, by the palette, by its name', async () => {
	const {redis, session, run, sent, proxy} = await openActionTest({isReadOnly: true});
	await redis.call('RPUSH', 'bull:orders:wait', '1');
	await redis.call('SET', 'bull:orders:id', '1');
	await redis.call('HSET', 'bull:orders:meta', 'version', 'bullmq:5.81.5');
	session.rescanQueues();
	await session.until('the queue is found', ({snapshot: {queues}}) => queues.data?.some(({id}) => id === 'bull:orders'), 15_000);
	const registry = registryOf();
	const {store} = session;
	keepActionStatus(store, registry);
	const desk = new ActionDesk({
		store,
		clock: session.actionDeps.clock,
		deps: () => session.actionDeps,
		registry,
		signal: new AbortController().signal,
		isAscii: false,
	});
	const controller = new Controller({
		store,
		desk,
		registry,
		quit: () => {},
		suspend: () => {},
		copy: () => {},
		snapshot: () => {},
		report: () => {},
		now: Date.now,
		focus: {session},
	});
	const before = await executed(redis.call);

	for (const {id} of registry.all) {
		controller.run(`action.${id}`);
		expect(store.getState().ui.dialog).toBeUndefined();
		for (const on of [[], ['1'], ['bull:orders'], ['rl:*']])
			expect((await run(id, {choice: {on}})).result).toMatchObject({outcome: 'refused', detail: 'This console is read-only'});
	}
	for (const {command} of keymap) if (command.startsWith('action.')) controller.run(command);
	for (const status of store.getState().actions) expect(status.refusal).toBe('This console is read-only; the command mode.guarded allows actions');

	expect(sent()).toEqual([]);
	const after = await executed(redis.call);
	const grown = [...after].filter(([name, calls]) => calls > (before.get(name) ?? 0)).map(([name]) => name);
	expect(grown.filter(name => !reads.test(name))).toEqual([]);
	expect(proxy.commands.filter(([name = '']) => /^(EVAL|EVALSHA|SCRIPT|UNLINK|DEL|SHUTDOWN|REPLICAOF|MONITOR)$/i.test(name))).toEqual([]);
});
