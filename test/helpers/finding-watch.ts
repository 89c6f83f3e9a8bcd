import {onTestFinished} from 'vitest';
import type {RespClient} from '../../src/demo/resp-client.ts';
import {defaultThresholds, type Thresholds} from '../../src/diagnosis/thresholds.ts';
import type {Finding} from '../../src/store/finding.ts';
import type {TestRedis} from './redis-server.ts';
import {openTestSession, type TestSession, targetOf} from './server-session.ts';

/** Looks more often than one would in earnest, so that little time goes by. */
const intervalMs = 200;

/** A console that keeps account of every finding that comes (`+id`) and goes (`-id`). */
export async function watchFindings(redis: TestRedis, {thresholds = {}, argv}: {thresholds?: Partial<Thresholds>; argv?: readonly string[]} = {}) {
	const target = await targetOf(argv ?? [redis.url]);
	const session = await openTestSession(target, {intervalMs, thresholds: {...defaultThresholds, ...thresholds}});
	const changes: string[] = [];
	let before: readonly Finding[] = [];
	const unsubscribe = session.store.subscribe(({findings}) => {
		const [then, now] = [before, findings].map(list => list.map(({id}) => id));
		before = findings;
		for (const id of now ?? []) if (!then?.includes(id)) changes.push(`+${id}`);
		for (const id of then ?? []) if (!now?.includes(id)) changes.push(`-${id}`);
	});
	onTestFinished(unsubscribe);
	return {
		session,
		found: (id: string, timeoutMs?: number) => session.until(`${id} is found`, ({findings}) => findings.find(finding => finding.id === id), timeoutMs),
		over: (id: string, timeoutMs?: number) => session.until(`${id} is over`, ({findings}) => findings.every(finding => finding.id !== id), timeoutMs),
		/** What came and went of one finding. */
		course: (id: string) => changes.filter(change => change.slice(1) === id).map(change => change[0]),
	};
}

/** Resolves when the console has read INFO and the list of clients once more. */
export async function readAnew({state, until: untilState}: TestSession): Promise<void> {
	const {info, clients} = state().snapshot;
	await untilState('all is read anew', ({snapshot: now}) => {
		const isNew = (then: number | undefined, at: number | undefined) => at !== undefined && at > (then ?? 0);
		return isNew(info.updatedAtMs, now.info.updatedAtMs) && isNew(clients.updatedAtMs, now.clients.updatedAtMs);
	});
}

/** A field of INFO, as the server itself tells it. */
export async function infoField(redis: TestRedis, name: string): Promise<string | undefined> {
	const text = String(await redis.call('INFO'));
	return new RegExp(`^${name}:(.*)\\r$`, 'm').exec(text)?.[1];
}

/** Connections that each send one command which keeps them waiting. */
export async function openWaiting(redis: TestRedis, count: number, ...argv: readonly string[]): Promise<readonly RespClient[]> {
	const clients = await Promise.all(Array.from({length: count}, () => redis.connect()));
	onTestFinished(() => {
		for (const client of clients) client.close();
	});
	// Whatever they are answered in the end, or not, is nothing to this test.
	for (const client of clients) void client.call(...argv).catch(() => undefined);
	return clients;
}
