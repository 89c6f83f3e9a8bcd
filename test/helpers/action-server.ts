import {readFile} from 'node:fs/promises';
import {onTestFinished} from 'vitest';
import type {Deps} from '../../src/actions/deps.ts';
import {registryOf} from '../../src/actions/registry.ts';
import {runAction} from '../../src/actions/run-action.ts';
import type {AnyAction, Choice} from '../../src/actions/types.ts';
import type {AuditEntry} from '../../src/incident/audit.ts';
import type {ActionResult, ConfirmRequest, Progress} from '../../src/store/dialog.ts';
import type {Component} from '../../src/store/store.ts';
import {startProxy, type Proxy as TestProxy} from './proxy.ts';
import type {RedisOptions, TestRedis} from './redis-server.ts';
import {openTestSession, startForTest, type TestSession} from './server-session.ts';

type Running = {
	/** What the dialog would show; undefined: it was never asked. */
	readonly request: ConfirmRequest | undefined;
	readonly result: ActionResult;
	/** All that was told of its progress. */
	readonly told: readonly Progress[];
};

type Answer = {
	readonly choice?: Partial<Choice>;
	/** What the operator says to the dialog, yes unless said; called with what it shows, and may do something meanwhile. */
	readonly confirm?: (request: ConfirmRequest) => boolean | Promise<boolean>;
	/** Handed the way to stop before anything happens: for what stops the reading. */
	readonly onStart?: (stop: () => void) => void;
	readonly onProgress?: (progress: Progress, stop: () => void) => void;
	/** An action that is not in the registry, as a hook. */
	readonly action?: AnyAction;
	readonly deps?: Partial<Deps>;
};

type Opening = {
	readonly isReadOnly?: boolean;
	readonly db?: number;
	/** `user:password` of one of the server's `acl` users. */
	readonly login?: string;
	readonly components?: readonly Component[];
	/** A server that is there already: what is on it when the console opens it finds at once. */
	readonly redis?: TestRedis;
	/** One that stands before it already. */
	readonly proxy?: TestProxy;
	/** That of an earlier console. */
	readonly auditFile?: string | undefined;
};

/** A console without a screen on a real server, with a proxy between them that keeps account of what is sent on which connection. */
export async function openActionTest(options: RedisOptions & Opening = {}) {
	const {isReadOnly = false, db = 0, login = '', components = [], redis = await startForTest(options)} = options;
	const proxy = options.proxy ?? (await proxyForTest(redis));
	const url = new URL(redis.url);
	url.port = String(proxy.port);
	[url.username, url.password] = login === '' ? [url.username, url.password] : (login.split(':') as [string, string]);
	const session = await openTestSession(url.href.replace(/\/$/, '') + (db === 0 ? '' : `/${db}`), {isReadOnly, components, auditFile: options.auditFile});
	await session.until(
		'the console is open',
		({
			snapshot: {
				server: {kind},
				info,
			},
			session: {acting},
		}) => kind !== 'CONNECTING' && info.data && acting !== 'opening',
	);

	return {
		redis,
		proxy,
		session,
		run: runnerOf(session),
		/** What the connection that acts has sent so far. */
		sent: () => proxy.sentBy('act'),
		audit: () => auditOf(session),
	};
}

/** Stands before this server until the end of the test. */
export async function proxyForTest({port}: TestRedis): Promise<TestProxy> {
	const proxy = await startProxy(port);
	onTestFinished(proxy.close);
	return proxy;
}

/** Runs an action of the registry by id, with an operator who says yes. */
export function runnerOf(session: TestSession) {
	return async (id: string, {choice, confirm = () => true, onStart, onProgress, action = registryOf().byId(id), deps}: Answer = {}): Promise<Running> => {
		if (!action) throw new Error(`there is no action ${id}`);
		const stop = new AbortController();
		let request: ConfirmRequest | undefined;
		const told: Progress[] = [];
		onStart?.(() => stop.abort());
		const result = await runAction(
			action,
			{on: [], set: {}, ...choice},
			{
				...session.actionDeps,
				async confirm(asked) {
					request = asked;
					return confirm(asked);
				},
				preparing: () => {},
				progress(progress) {
					told.push(progress);
					onProgress?.(progress, () => stop.abort());
				},
				...deps,
			},
			stop.signal,
		);
		return {request, result, told};
	};
}

/** The audit log of this session so far, oldest first. */
export async function auditOf(session: TestSession): Promise<readonly AuditEntry[]> {
	const text = await readFile(session.state().session.auditFile, 'utf8');
	return text
		.trim()
		.split('\n')
		.map(line => JSON.parse(line) as AuditEntry);
}

/** The lines of a run without the rounds of a batch. */
export const phases = (entries: readonly AuditEntry[]): readonly string[] =>
	entries.filter(entry => !('round' in entry)).map(({phase, outcome}) => (outcome === undefined ? phase : `${phase} ${outcome}`));
