import {describe, expect, it, vi} from 'vitest';
import type {ProgramEnding} from '../../../src/actions/deps.ts';
import {type Hook, hookActions} from '../../../src/actions/hooks/hook-actions.ts';
import {builtInActions, registryOf} from '../../../src/actions/registry.ts';
import type {AnyAction, Choice} from '../../../src/actions/types.ts';
import type {QueueStatus} from '../../../src/queues/types.ts';
import {received} from '../../../src/store/resource.ts';
import {bindIn, failureIn, setUp} from '../../helpers/action-run.ts';
import {client, noonMs, type StateParts, stateWith} from '../../helpers/fixtures.ts';

const restart: Hook = {name: 'restart-workers', command: ['ssh', 'jobs-1', 'systemctl restart "x"'], danger: 'disruptive', timeoutSeconds: 60};

const hook = (change: Partial<Hook> = {}): AnyAction => {
	const [action] = hookActions([{...restart, ...change}]);
	if (!action) throw new Error('there is no action');
	return action;
};

const envIn = (parts: StateParts, choice?: Choice) => {
	const {work} = bindIn(hook(), parts, choice);
	return work?.kind === 'program' ? work.env : undefined;
};

const queue = {id: 'bull:orders', system: 'bullmq', family: 'bull', prefix: 'bull', name: 'orders', isAlone: true} as unknown as QueueStatus;
const queues = {queues: received([queue], noonMs)};

it('is one action for each hook of the config, beside the built-in ones, and none without', () => {
	const own = hookActions([restart, {...restart, name: 'bypass-on', danger: 'destructive'}]);
	expect(own.map(({id, danger}) => [id, danger])).toEqual([
		['hook.restart-workers', 'disruptive'],
		['hook.bypass-on', 'destructive'],
	]);
	expect(registryOf(own).byId('hook.bypass-on')).toBe(own[1]);
	expect(hookActions([])).toEqual([]);
	expect(builtInActions.filter(({id}) => id.startsWith('hook.'))).toEqual([]);
});

describe('what the program is told', () => {
	it('is the server, and who asks', () => {
		expect(envIn({environment: 'staging', server: {kind: 'BUSY', running: 'script'}})).toEqual({
			REDIS_TRIAGE_TARGET: 'cache',
			REDIS_TRIAGE_ADDRESS: '10.0.0.9:6379',
			REDIS_TRIAGE_HOST: '10.0.0.9',
			REDIS_TRIAGE_PORT: '6379',
			REDIS_TRIAGE_ENVIRONMENT: 'staging',
			REDIS_TRIAGE_DB: '0',
			REDIS_TRIAGE_OPERATOR: 'tester',
			REDIS_TRIAGE_STATE: 'BUSY',
		});
	});

	it.each([
		['[::1]:6380', '::1', '6380'],
		['redis.example.com:6379', 'redis.example.com', '6379'],
		['/run/redis.sock', undefined, undefined],
	])('has host and port where there are such: %s', (address, host, port) => {
		const env = envIn({session: {target: {name: 'x', address, environment: undefined, db: 3}}});
		expect(env).toMatchObject({REDIS_TRIAGE_ADDRESS: address, REDIS_TRIAGE_DB: '3'});
		expect([env?.REDIS_TRIAGE_HOST, env?.REDIS_TRIAGE_PORT]).toEqual([host, port]);
	});

	it('has the queue under the cursor, if that is where one is', () => {
		const panes = {queues: {selectedId: 'bull:orders'}};
		expect(envIn({snapshot: queues, panes, ui: {focus: 'queues'}})?.REDIS_TRIAGE_QUEUE).toBe('bull:orders');
		expect(envIn({snapshot: queues, panes, ui: {focus: 'clients'}})).not.toHaveProperty('REDIS_TRIAGE_QUEUE');
		expect(envIn({ui: {focus: 'queues'}})).not.toHaveProperty('REDIS_TRIAGE_QUEUE');
	});

	it('has the client under the cursor, and of several none', () => {
		const clients = [client({id: '7'}), client({id: '8'})];
		expect(envIn({clients, selectedClientId: '7', ui: {focus: 'clients'}})?.REDIS_TRIAGE_CLIENT_ID).toBe('7');
		const marked: StateParts = {clients, ui: {focus: 'clients', markedClientIds: new Set(['7', '8'])}};
		expect(envIn(marked)).not.toHaveProperty('REDIS_TRIAGE_CLIENT_ID');
	});

	it('can be said without a screen', () => {
		expect(envIn({}, {on: [], set: {queue: 'a b', 'client-id': '7'}})).toMatchObject({REDIS_TRIAGE_QUEUE: 'a b', REDIS_TRIAGE_CLIENT_ID: '7'});
		expect(hook().refusal(stateWith({}), {on: [], set: {client: 'x;y'}})?.refused).toContain('must be the id of a client');
		expect(hook().refusal(stateWith({}), {on: [], set: {queue: 'a\0b'}})?.refused).toContain('NUL');
	});
});

describe('its dialog', () => {
	it('shows the program as it is run, what it is told, and for how long it may run', () => {
		const {plan, request, work} = bindIn(hook(), {});
		expect(plan).toEqual([restart.command]);
		expect(work).toMatchObject({kind: 'program', timeoutMs: 60_000});
		expect(request).toMatchObject({plan, stops: 'program', word: undefined, danger: 'disruptive'});
		const facts = Object.fromEntries(request.facts);
		expect(facts.on).toContain('this machine');
		expect(facts.told).toContain('REDIS_TRIAGE_TARGET=cache REDIS_TRIAGE_ADDRESS=10.0.0.9:6379');
		expect(facts.ends).toContain('60 s');
		expect(request.effect.join()).toContain('REDISCLI_AUTH');
	});

	it('wants the word where the config says destructive', () => expect(bindIn(hook({danger: 'destructive'}), {}).request.word).toBe('cache'));
});

describe('when it can run', () => {
	it.each(['DOWN', 'SILENT', 'BUSY', 'NOAUTH', 'UNREACHABLE', 'OK'] as const)('in %s', kind => {
		expect(hook().refusal(stateWith({server: {kind}, session: {acting: 'opening'}}))).toBeUndefined();
	});

	it('not when the target has moved while the dialog was open', () => {
		const moved = {session: {target: {name: 'cache', address: '10.0.0.8:6379', environment: undefined, db: 0}}};
		expect(failureIn(bindIn(hook(), {}), moved)).toBe('The target is 10.0.0.8:6379 now, and the program would be told of 10.0.0.9:6379');
	});

	it('never in a read-only console', async () => {
		const {deps, run} = setUp({action: hook(), state: {session: {mode: 'read-only'}}});
		await expect(run()).resolves.toMatchObject({outcome: 'refused'});
		expect(deps.confirm).not.toHaveBeenCalled();
	});

	it.each([
		['safe', undefined, false],
		['safe', 'production', true],
		['disruptive', undefined, true],
	] as const)('%s on %s: asks %s', async (danger, environment, asks) => {
		const ran = {exitCode: 0, signal: undefined, isTimedOut: false, isStopped: false, output: ['done']};
		const {deps, run} = setUp({action: hook({danger}), state: environment === undefined ? {} : {environment}});
		Object.assign(deps, {runProgram: async () => ran});
		await expect(run()).resolves.toMatchObject({outcome: 'done', detail: 'exit code 0, 1 line of output', output: ['done']});
		expect(vi.mocked(deps.confirm).mock.calls.length > 0).toBe(asks);
	});
});

describe('when it is stopped', () => {
	const endsWith = async (change: Partial<ProgramEnding>) => {
		const {deps, stop, run} = setUp({action: hook()});
		Object.assign(deps, {
			async runProgram() {
				stop.abort();
				return {exitCode: 0, signal: undefined, isTimedOut: false, isStopped: false, output: [], ...change};
			},
		});
		return run();
	};

	it('it is cancelled where that has ended it', async () => expect(await endsWith({isStopped: true})).toMatchObject({outcome: 'cancelled'}));
	it('it is done, or has failed, where it had ended by itself', async () => {
		expect(await endsWith({})).toMatchObject({outcome: 'done'});
		expect(await endsWith({exitCode: 3})).toMatchObject({outcome: 'failed', detail: 'exit code 3'});
	});
});
