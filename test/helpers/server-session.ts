import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {onTestFinished} from 'vitest';
import {type Clock, systemClock} from '../../src/clock.ts';
import {openSession, type ServerSession, type SessionOptions} from '../../src/commands/console/session.ts';
import {type ResolvedTarget, resolveTarget} from '../../src/commands/flag-target.ts';
import {diskFiles} from '../../src/commands/flag-tls.ts';
import {type Environment, parseFlags} from '../../src/commands/flags.ts';
import {defaultConfig} from '../../src/config/default-config.ts';
import type {Thresholds} from '../../src/diagnosis/thresholds.ts';
import type {SentinelAccess, Target} from '../../src/redis/target.ts';
import type {Resource} from '../../src/store/resource.ts';
import type {ServerState} from '../../src/store/server-state.ts';
import type {Component, ConsoleState} from '../../src/store/store.ts';
import {type RedisOptions, startRedis, type TestRedis} from './redis-server.ts';
import {until} from './until.ts';

/** A console without a screen, on a real server. */
export type TestSession = ServerSession & {
	readonly state: () => ConsoleState;
	/** Every server state so far, oldest first; each as it was when it began. */
	readonly states: readonly ServerState[];
	/** Resolves to the first truthy answer; when it never comes, the error says what the console last knew. */
	readonly until: <T>(what: string, ask: (state: ConsoleState) => T | Promise<T>, timeoutMs?: number) => Promise<Truthy<T>>;
	/** A command on the act connection, as soon as that is open. */
	readonly act: (...argv: readonly string[]) => Promise<unknown>;
};

type Truthy<T> = Exclude<T, false | '' | 0 | null | undefined>;

type WatchedTarget = Target & {readonly sentinel?: SentinelAccess | undefined};
type Login = {readonly env?: Environment; readonly answer?: string};
type Options = {
	readonly label?: string;
	readonly intervalMs?: number;
	/** One that runs faster, say. */
	readonly clock?: Clock;
	readonly isReadOnly?: boolean;
	readonly thresholds?: Thresholds;
	/** That of an earlier console, say. */
	readonly auditFile?: string | undefined;
	readonly components?: readonly Component[];
	readonly onSwitch?: NonNullable<SessionOptions['onSwitch']>;
};

/** The target that a command line means. `answer` is typed at the password prompt. */
export function targetOf(argv: readonly string[], {env = {}, answer}: Login = {}): Promise<ResolvedTarget> {
	const options = parseFlags({argv, env, scenarios: []});
	if (options.command !== 'console') throw new Error(`command is ${options.command}`);
	const askPassword = () => (answer === undefined ? Promise.reject(new Error('nobody was to be asked for a password')) : Promise.resolve(answer));
	return resolveTarget(options.connection, {env, files: diskFiles, askPassword});
}

/** Start a server that the end of the test stops. */
export async function startForTest(options: RedisOptions = {}): Promise<TestRedis> {
	const redis = await startRedis(options);
	onTestFinished(redis.stop);
	return redis;
}

/** Open a console on it; the end of the test closes it. A string is a URL. */
export async function openTestSession(where: string | WatchedTarget, options: Options = {}): Promise<TestSession> {
	const session = await openOwnSession(where, options);
	onTestFinished(session.remove);
	return session;
}

/** As `openTestSession`; whoever opens it closes it, and removes its files. */
export async function openOwnSession(
	where: string | WatchedTarget,
	{thresholds = defaultConfig.thresholds, components = [], ...options}: Options = {},
): Promise<TestSession & {readonly remove: () => void}> {
	const target: WatchedTarget = typeof where === 'string' ? await targetOf([where]) : where;
	const dir = mkdtempSync(join(tmpdir(), 'redis-triage-session-'));
	const session = openSession({
		target,
		sentinel: target.sentinel,
		clock: systemClock,
		operator: 'tester',
		host: 'test',
		isReadOnly: false,
		intervalMs: 1000,
		label: 'tester@test',
		machine: {env: process.env, kill: (pid, signal) => process.kill(pid, signal)},
		...options,
		auditFile: options.auditFile ?? join(dir, 'audit.jsonl'),
		config: {...defaultConfig, thresholds, components},
	});
	const states: ServerState[] = [session.store.getState().snapshot.server];
	const unsubscribe = session.store.subscribe(({snapshot: {server}}) => {
		if (server.kind !== states.at(-1)?.kind) states.push(server);
	});

	const state = () => session.store.getState();
	const untilState: TestSession['until'] = async (what, ask, timeoutMs) => {
		try {
			return (await until(what, () => ask(state()), timeoutMs)) as Truthy<Awaited<ReturnType<typeof ask>>>;
		} catch (error) {
			throw new Error(`${error instanceof Error ? error.message : String(error)}\n${describe(state())}\nstates: ${states.map(({kind}) => kind).join(' ')}`);
		}
	};
	return {
		...session,
		state,
		states,
		until: untilState,
		async act(...argv) {
			await untilState('the act connection is open', ({session: {acting}}) => acting === 'open');
			return session.actionDeps.send(argv, 3000);
		},
		remove() {
			unsubscribe();
			session.close();
			rmSync(dir, {recursive: true, force: true});
		},
	};
}

/** What the console must have read on a healthy server before a screen of it is whole. */
export function isWhole({snapshot: {server, info, clients, settings}}: ConsoleState): boolean {
	return server.kind === 'OK' && info.data !== undefined && clients.data !== undefined && settings.data !== undefined;
}

const resources = ['info', 'settings', 'permissions', 'slowlog', 'clients', 'functionStats', 'commandStats'] as const;

function describe({snapshot}: ConsoleState): string {
	const {server, contact, database} = snapshot;
	const read = resources.map(name => `${name}: ${describeResource(snapshot[name])}`);
	return [`server: ${JSON.stringify(server)}`, `contact: ${JSON.stringify(contact)}`, `database: ${JSON.stringify(database)}`, ...read].join('\n');
}

function describeResource({data, refused, error, failures}: Resource<unknown>): string {
	return `${data === undefined ? 'no data' : 'data'}${refused ? `, refused ${JSON.stringify(refused)}` : ''}${error ? `, ${failures} failures: ${error}` : ''}`;
}
