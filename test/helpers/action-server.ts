import {readFile} from 'node:fs/promises';
import {onTestFinished} from 'vitest';
import type {Deps} from '../../src/actions/deps.ts';
import {registryOf} from '../../src/actions/registry.ts';
import {runAction} from '../../src/actions/run-action.ts';
import type {AnyAction, Choice} from '../../src/actions/types.ts';
import type {AuditEntry} from '../../src/incident/audit.ts';
import type {ActionResult, ConfirmRequest, Progress} from '../../src/store/dialog.ts';
import type {Component} from '../../src/store/store.ts';
import {startProxy} from './proxy.ts';
import type {RedisOptions} from './redis-server.ts';
import {openTestSession, startForTest} from './server-session.ts';

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

type ConsoleOptions = {
	readonly isReadOnly?: boolean;
	readonly db?: number;
	/** `user:password` of one of the server's `acl` users. */
	readonly login?: string;
	readonly components?: readonly Component[];
};

/** A console without a screen on a real server, with a proxy between them that keeps account of what is sent on which connection. */
export async function openActionTest(options: RedisOptions & ConsoleOptions = {}) {
	const {isReadOnly = false, db = 0, login = '', components = [], ...server} = options;
	const redis = await startForTest(server);
	const proxy = await startProxy(redis.port);
	onTestFinished(proxy.close);
	const url = new URL(redis.url);
	url.port = String(proxy.port);
	[url.username, url.password] = login === '' ? [url.username, url.password] : (login.split(':') as [string, string]);
	const session = await openTestSession(url.href.replace(/\/$/, '') + (db === 0 ? '' : `/${db}`), {isReadOnly, components});
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

	const run = async (id: string, {choice, confirm = () => true, onStart, onProgress, action = registryOf().byId(id), deps}: Answer = {}): Promise<Running> => {
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
	return {
		redis,
		proxy,
		session,
		run,
		/** What the connection that acts has sent so far. */
		sent: () => proxy.sentBy('act'),
		audit: async (): Promise<readonly AuditEntry[]> =>
			(await readFile(session.state().session.auditFile, 'utf8'))
				.trim()
				.split('\n')
				.map(line => JSON.parse(line) as AuditEntry),
	};
}

/** The lines of a run without the rounds of a batch. */
export const phases = (entries: readonly AuditEntry[]): readonly string[] =>
	entries.filter(entry => !('round' in entry)).map(({phase, outcome}) => (outcome === undefined ? phase : `${phase} ${outcome}`));
