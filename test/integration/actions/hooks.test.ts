import {existsSync} from 'node:fs';
import {expect, it} from 'vitest';
import {type Hook, hookActions} from '../../../src/actions/hooks/hook-actions.ts';
import {openActionTest, phases} from '../../helpers/action-server.ts';
import {isRunning} from '../../helpers/processes.ts';

const hook = (script: string, change: Partial<Hook> = {}) => {
	const [action] = hookActions([{name: 'test', command: ['sh', '-c', script], danger: 'disruptive', timeoutSeconds: 20, ...change}]);
	if (!action) throw new Error('there is no hook');
	return action;
};

it('runs the program that was shown, tells it of the server, and keeps what it says', async () => {
	const {run, sent, audit, proxy} = await openActionTest();
	const script = 'echo "restarting $REDIS_TRIAGE_TARGET at $REDIS_TRIAGE_HOST $REDIS_TRIAGE_PORT by $REDIS_TRIAGE_OPERATOR"; sleep 0.3; echo done >&2';
	const {request, result, told} = await run('hook.test', {action: hook(script)});
	expect(request).toMatchObject({plan: [['sh', '-c', script]], danger: 'disruptive', stops: 'program'});
	const said = [`restarting 127.0.0.1:${proxy.port} at 127.0.0.1 ${proxy.port} by tester`, 'done'];
	expect(result).toMatchObject({outcome: 'done', detail: 'exit code 0, 2 lines of output', output: said});
	expect(told[0]?.output).toEqual([said[0]]);
	expect(sent()).toEqual([]);
	expect(phases(await audit())).toEqual(['intent', 'outcome done']);
	expect(await audit()).toMatchObject([
		{action: 'hook.test', plan: [['sh', '-c', script]]},
		{plan: [['sh', '-c', script]], output: said},
	]);
});

it('runs while the server is down, and says how it failed', async () => {
	const {run, audit, redis, session} = await openActionTest();
	await redis.kill();
	await session.until('it is down', ({snapshot}) => snapshot.server.kind === 'DOWN');
	const {result} = await run('hook.test', {action: hook('echo "it is $REDIS_TRIAGE_STATE"; exit 7')});
	expect(result).toMatchObject({outcome: 'failed', detail: 'exit code 7', output: ['it is DOWN']});
	expect(phases(await audit())).toEqual(['intent', 'outcome failed']);
});

it('is not run when it is left, when it is read-only, or when there is no such program', async () => {
	const {run, audit, session} = await openActionTest();
	const made = `${session.state().session.auditFile}.made`;
	const action = hook(`touch ${made}; echo ran`);
	expect((await run('hook.test', {action, confirm: () => false})).result.outcome).toBe('cancelled');
	session.setMode('read-only');
	expect((await run('hook.test', {action})).result).toMatchObject({outcome: 'refused', detail: 'This console is read-only', output: []});
	session.setMode('guarded');
	const {result} = await run('hook.test', {action: hook('', {command: ['/nowhere/restart', made]})});
	expect(result).toMatchObject({outcome: 'failed', detail: 'it could not be started: there is no program /nowhere/restart'});
	expect(phases(await audit())).toEqual(['outcome cancelled', 'outcome refused', 'intent', 'outcome failed']);
	expect(existsSync(made)).toBe(false);
});

it('is ended when its time is up: then nobody knows how far it came', async () => {
	const {run, audit} = await openActionTest();
	const {result} = await run('hook.test', {action: hook('sleep 60 & echo $!; wait', {timeoutSeconds: 1})});
	expect(result).toMatchObject({outcome: 'unknown', detail: 'it was ended after 1 s without having come to its end'});
	expect(isRunning(Number(result.output[0]))).toBe(false);
	expect(phases(await audit())).toEqual(['intent', 'outcome unknown']);
});

it.each(['the operator', 'the end of the console'])('is stopped by %s, with all that it has started', async who => {
	const {run, audit, session} = await openActionTest();
	const {result} = await run('hook.test', {
		action: hook('sleep 60 & echo $!; wait'),
		onProgress(_progress, stop) {
			if (who !== 'the operator') session.close();
			stop();
		},
	});
	expect(result).toMatchObject({outcome: 'cancelled', detail: 'stopped by the operator: what it had done by then stays done'});
	expect(isRunning(Number(result.output[0]))).toBe(false);
	expect(phases(await audit())).toEqual(['intent', 'outcome cancelled']);
});
