import {isMarker} from '../../queues/bull-reads.ts';
import {textsOf} from '../../queues/replies.ts';
import {toCount} from '../../redis/parse/number.ts';
import {ask, type Reading} from '../trips.ts';
import {queueKeys} from './queue-script.ts';
import type {QueueTarget} from './queue-target.ts';

/** One run of an active job that nobody holds. Texts as the server has them, to be compared. */
export type LocklessRun = {
	readonly id: string;
	readonly processedOn: string;
	/** Empty: the job has none. */
	readonly stalls: string;
	/** The worker's name, as BullMQ 5 and newer note it. */
	readonly worker: string | undefined;
	readonly name: string | undefined;
};

export type Active = {
	readonly active: number;
	/** In the order of the list: the newest first. */
	readonly lockless: readonly LocklessRun[];
	/** Ids whose job is gone. */
	readonly orphans: number;
};

/** `active` is as long as there are jobs at work; to take one out the server walks through it. */
export const mostActive = 5000;

const perPage = 500;

/** All active jobs without a lock, in one look: what is seen once may be a moment's. */
export function* lookAtActive({base, major}: QueueTarget): Reading<Active> {
	const {active: key} = queueKeys(base);
	const [length, reply] = yield* ask(
		[
			['LLEN', key],
			['LRANGE', key, '0', String(mostActive - 1)],
		],
		200,
	);
	const ids = textsOf(reply).filter((id): id is string => id !== undefined && !isMarker(id));
	const without: string[] = [];
	for (let at = 0; at < ids.length; at += perPage) {
		const page = ids.slice(at, at + perPage);
		const locks = textsOf((yield* ask([['MGET', ...page.map(id => `${base}:${id}:lock`)]], perPage * 0.5))[0]);
		without.push(...page.filter((_, index) => locks[index] === undefined));
	}
	const fields: unknown[] = [];
	for (let at = 0; at < without.length; at += perPage) {
		const page = without.slice(at, at + perPage);
		fields.push(...(yield* ask(page.map(id => ['HMGET', `${base}:${id}`, 'timestamp', 'processedOn', counterOf(major), 'pb', 'name']))));
	}
	const runs = without.map((id, index) => runOf(id, fields[index]));
	const lockless = runs.filter(run => run !== undefined);
	return {active: toCount(length) ?? ids.length, lockless, orphans: runs.length - lockless.length};
}

const counterOf = (major: number): string => (major >= 5 ? 'stc' : 'stalledCounter');

function runOf(id: string, fields: unknown): LocklessRun | undefined {
	const [timestamp, processedOn, stalls, worker, name] = textsOf(fields);
	return timestamp === undefined && processedOn === undefined ? undefined : {id, processedOn: processedOn ?? '', stalls: stalls ?? '', worker, name};
}

export const isSameRun = (one: LocklessRun, other: LocklessRun | undefined): boolean =>
	other !== undefined && one.id === other.id && one.processedOn === other.processedOn && one.stalls === other.stalls;
