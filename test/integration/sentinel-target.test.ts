import {afterAll, beforeAll, describe, expect, it, onTestFinished} from 'vitest';
import {resolveTarget} from '../../src/commands/flag-target.ts';
import {diskFiles} from '../../src/commands/flag-tls.ts';
import {parseFlags} from '../../src/commands/flags.ts';
import {UsageError} from '../../src/errors.ts';
import {configOf} from '../config/config-text.ts';
import {check} from '../helpers/check-run.ts';
import {startProxy} from '../helpers/proxy.ts';
import {type Group, masterName, sentinelArgv, startSentinels} from '../helpers/sentinels.ts';
import {openTestSession, startForTest, targetOf} from '../helpers/server-session.ts';

let group: Group;
beforeAll(async () => {
	group = await startSentinels();
}, 60_000);
afterAll(() => group.stop());

const dead = '127.0.0.1:1';

async function refusal(argv: readonly string[]): Promise<string> {
	const error: unknown = await targetOf(argv).catch((reason: unknown) => reason);
	if (!(error instanceof UsageError)) throw new Error(`not refused: ${String(error)}`);
	return error.message;
}

describe('where the master is', () => {
	it('is what the Sentinels say, whoever of them answers', async () => {
		const [first = ''] = group.nodes;
		const target = await targetOf([...sentinelArgv([dead, first]), '-n', '3', '--user', 'eve', '-a', 'secret']);
		expect(target).toMatchObject({name: masterName, endpoint: {kind: 'tcp', host: '127.0.0.1', port: group.master.port}, db: 3, username: 'eve'});
		expect(target.sentinel).toMatchObject({master: masterName, password: undefined, nodes: [{port: 1}, {port: group.group[0]?.port}]});
	});

	it('is found by check too', async () => {
		const {report} = await check(sentinelArgv(group.nodes));
		expect(report.target).toBe(`${masterName} 127.0.0.1:${group.master.port}`);
		expect(report.server).toMatchObject({role: 'master'});
	});

	it('is not told by a name that they do not know: it says which they know', async () => {
		const [first = ''] = group.nodes;
		expect(await refusal(sentinelArgv([first, dead], 'shup'))).toBe(
			`--master: the Sentinels know no master "shup": ${first}: it watches ${masterName}; ${dead}: connection refused: nothing listens there`,
		);
	});

	it('is not told where none answers: it says what was tried, within its time', async () => {
		const plain = await startForTest();
		const silent = group.group[2];
		silent?.signal('SIGSTOP');
		onTestFinished(() => void silent?.signal('SIGCONT'));
		const startedAtMs = performance.now();
		expect(await refusal(sentinelArgv([dead, `127.0.0.1:${plain.port}`, silent?.node ?? '']))).toBe(
			`--sentinel: no Sentinel tells where the master is: ${dead}: connection refused: nothing listens there; ` +
				`127.0.0.1:${plain.port}: what answers there is no Sentinel; ${silent?.node}: it takes connections and does not answer in 1500 ms`,
		);
		expect(performance.now() - startedAtMs).toBeLessThan(3000);
	});
});

describe('Sentinels with a password', () => {
	it('are asked with that of the config file; without it they say what is missing', async () => {
		const closed = await startSentinels({password: 'hunter2', replicas: 0, sentinels: 1});
		onTestFinished(closed.stop);
		const [node = ''] = closed.nodes;
		expect(await refusal(sentinelArgv([node]))).toBe(
			`--sentinel: no Sentinel tells where the master is: ${node}: it wants a password: give it in the sentinel section of the target, in the config file`,
		);
		const config = configOf(`targets: {far: {environment: production, sentinel: {nodes: ["${node}"], master: ${masterName}, password: hunter2}}}`);
		const resolve = async (argv: readonly string[]) => {
			const options = parseFlags({argv, env: {}, scenarios: []});
			if (options.command !== 'console') throw new Error(`command is ${options.command}`);
			return resolveTarget(options.connection, {env: {}, files: diskFiles, askPassword: () => Promise.reject(new Error('nobody was to be asked')), config});
		};
		const target = await resolve(['--target', 'far']);
		expect(target).toMatchObject({name: 'far', endpoint: {port: closed.master.port}, environment: 'production'});
		const {state, until} = await openTestSession(target);
		await until('they are met', ({session}) => session.sentinels?.views.size === 1);
		expect(state().session.sentinels?.nodes).toEqual([node]);
	}, 60_000);
});

describe('who they are', () => {
	it('is asked of those that were given: the others are found, and one behind another address counts once', async () => {
		const proxy = await startProxy(group.group[0]?.port ?? 0);
		onTestFinished(proxy.close);
		const given = `127.0.0.1:${proxy.port}`;
		const {state, until} = await openTestSession(await targetOf(sentinelArgv([given])));
		await until('they are met', ({session}) => session.sentinels?.views.size === 3);
		const {nodes = [], views} = state().session.sentinels ?? {};
		expect(nodes[0]).toBe(given);
		expect(nodes.slice(1).toSorted()).toEqual(group.nodes.slice(1).toSorted());
		expect([...(views?.values() ?? [])]).toMatchObject(Array(3).fill({address: `127.0.0.1:${group.master.port}`, flags: ['master']}));
	});

	it('is asked again until one answers', async () => {
		const one = await startSentinels({replicas: 0, sentinels: 1});
		onTestFinished(one.stop);
		const target = await targetOf(sentinelArgv(one.nodes));
		one.group[0]?.signal('SIGSTOP');
		const {state, until} = await openTestSession(target);
		const atFirst = state().session.sentinels;
		await until('nobody has answered', ({session}) => session.sentinels !== atFirst);
		expect(state().session.sentinels).toEqual({master: masterName, nodes: one.nodes, views: new Map()});
		one.group[0]?.signal('SIGCONT');
		await until('it is met', ({session}) => session.sentinels?.views.size === 1);
	}, 60_000);
});
