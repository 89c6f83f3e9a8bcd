import {monitorEventLoopDelay} from 'node:perf_hooks';
import type {RespClient} from '../../../src/demo/resp-client.ts';
import type {ConsoleState} from '../../../src/store/store.ts';
import {startRedis, type TestRedis} from '../../helpers/redis-server.ts';
import {openOwnSession, type TestSession, targetOf} from '../../helpers/server-session.ts';
import {type Fault, queueName, type Seen, type World} from './fault.ts';
import {disagreements, offersText, refusalsNow} from './offers.ts';
import {shownNow} from './shown.ts';

/** As the console itself comes. */
export const intervalMs = 1000;

/** What came out of it: all of it is judged in one place. */
export type Outcome = {
	readonly seen: Seen;
	/** Of the badge from the strike on, without repeats. */
	readonly kinds: readonly string[];
	/** What a pane had before and has lost. */
	readonly lost: readonly string[];
	readonly disagreements: readonly string[];
	/** Offered although nobody answers, and other than the kill that is taken later. */
	readonly offeredToNobody: readonly string[];
	/** How long this process itself was held up meanwhile: on a busy machine nobody notices anything in time. */
	readonly stalledMs: number;
};

/** One fault from end to end on a server of its own. */
export async function runFault(fault: Fault): Promise<Outcome> {
	const ends: (() => unknown)[] = [];
	const defer = (end: () => unknown) => void ends.push(end);
	try {
		const redis = await startRedis(fault.redis);
		defer(redis.stop);
		return await happen(fault, {redis, defer, witness: await witnessOf(redis, defer)});
	} finally {
		for (const end of ends.reverse()) await end();
	}
}

async function witnessOf(redis: TestRedis, defer: World['defer']): Promise<RespClient> {
	const witness = await redis.connect();
	defer(() => witness.close());
	return witness;
}

async function happen(fault: Fault, world: World): Promise<Outcome> {
	const argv = (await fault.arrange?.(world)) ?? [world.redis.url];
	await (fault.seed ?? seedWorld)(world);
	const session = await openOwnSession(await targetOf(argv), {intervalMs});
	world.defer(session.remove);
	const {usual = 'OK', kind, isTold = () => true} = fault;
	if (!fault.isNew) await session.until(`${usual}, and everything read`, state => isSettled(state, fault) && state.snapshot.server.kind === usual, 20_000);
	const before = session.state();
	const refusalsBefore = refusalsNow(before);

	const delay = monitorEventLoopDelay({resolution: 10});
	delay.enable();
	const statesBefore = session.states.length;
	await fault.strike(world, session);
	const struckAtMs = Date.now();
	await session.until(`${kind} is told`, state => state.snapshot.server.kind === kind && isTold(state), 15_000);
	const noticedMs = Math.max(0, Date.now() - struckAtMs);
	delay.disable();
	if (fault.isSettled) await session.until('what follows is told, too', fault.isSettled);
	const kinds = session.states.slice(statesBefore).map(state => state.kind);
	const duringFault = await lookAtIt(fault, session, world, refusalsBefore);
	const lost = whatIsLost(before, session.state());

	const seen = {...duringFault.seen, noticedMs, recoveredMs: await recovery(fault, world, session)};
	return {seen, kinds, lost, ...duringFault.judged, stalledMs: delay.max / 1e6};
}

/** How long it takes the console once the fault is lifted; NaN: it does not end. */
async function recovery(fault: Fault, world: World, session: TestSession): Promise<number> {
	const {usual = 'OK', lift, isBack = () => true} = fault;
	if (!lift) return Number.NaN;
	await lift(world, session);
	const liftedAtMs = Date.now();
	await session.until(`${usual} again`, state => state.snapshot.server.kind === usual && isFresh(state, liftedAtMs) && isBack(state), 20_000);
	return Date.now() - liftedAtMs;
}

async function lookAtIt(fault: Fault, session: TestSession, {witness, redis, asker}: World, before: ReadonlyMap<string, string | undefined>) {
	const state = session.state();
	const now = refusalsNow(state);
	const asking = fault.isRestarted ? await redis.connect() : (asker ?? witness);
	const offered = [...now].flatMap(([id, refusal]) => (refusal === undefined ? [id] : []));
	return {
		seen: {shows: shownNow(state, fault.finding), offers: fault.offers ?? offersText(now, fault.isNew ? undefined : before)},
		judged: {
			disagreements: fault.isMute || fault.isGuess ? [] : await disagreements(fault, state, before, asking),
			offeredToNobody: fault.isMute ? offered.filter(id => id !== 'script.kill') : [],
		},
	};
}

/** A queue, keys that are no queue's, somebody idle and somebody who waits: something of everything that can be acted upon. */
export async function seedWorld({redis, witness, defer}: World): Promise<void> {
	await witness.pipeline([
		['CLIENT', 'SETNAME', 'bystander'],
		['HSET', `${queueName}:meta`, 'version', 'bullmq:5.81.5', 'opts.maxLenEvents', '10000'],
		['SET', `${queueName}:id`, '9'],
		['HSET', `${queueName}:7`, 'name', 'work', 'timestamp', '1', 'opts', '{}'],
		['LPUSH', `${queueName}:wait`, '7'],
		['ZADD', `${queueName}:failed`, '1', '8'],
		['XADD', `${queueName}:events`, '*', 'event', 'added', 'jobId', '7'],
		['SET', 'rl:1', '1'],
	]);
	const worker = await redis.connect();
	defer(() => worker.close());
	void worker.call('BLPOP', 'nothing-comes-here', '0').catch(() => undefined);
}

const panes = ['info', 'clients', 'settings', 'slowlog', 'queues'] as const;

/** All that this user may read has been read, so that a fault cannot be told by what is missing. */
function isSettled({snapshot, session}: ConsoleState, {usual}: Fault): boolean {
	const isRead = panes.every(name => snapshot[name].data !== undefined || snapshot[name].refused !== undefined);
	const canAct = session.acting === 'open';
	const hasClients = snapshot.clients.refused !== undefined || snapshot.clients.data?.clients.some(({isBlocked}) => isBlocked) === true;
	const hasPermissions = snapshot.permissions.data !== undefined || snapshot.permissions.refused !== undefined;
	return isRead && canAct && hasPermissions && (hasClients || usual !== undefined) && snapshot.queueSearch.endedAtMs !== undefined;
}

const whatIsLost = ({snapshot: before}: ConsoleState, {snapshot: now}: ConsoleState): readonly string[] =>
	panes.filter(name => before[name].data !== undefined && now[name].data === undefined);

/** New figures, and the connection that acts, are there again. */
const isFresh = ({snapshot: {info, contact}, session}: ConsoleState, sinceMs: number): boolean =>
	contact.link === 'open' && session.acting === 'open' && (info.refused !== undefined || (info.updatedAtMs ?? 0) >= sinceMs);
