import {type ChildProcess, spawn} from 'node:child_process';
import {onTestFinished} from 'vitest';

/** The libraries by the major that the console knows them by; 0 is Bull. */
const libraries = {0: 'bull', 3: 'bullmq3', 4: 'bullmq4', 5: 'bullmq5', 6: 'bullmq6'} as const;
export type Major = keyof typeof libraries;
export const majors = Object.keys(libraries).map(Number) as readonly Major[];

/** Two and three of them: as many as two cores bear at once. */
export const someMajors: readonly (readonly [names: string, majors: readonly Major[]])[] = [
	['Bull and BullMQ 3', [0, 3]],
	['BullMQ 4, 5 and 6', [4, 5, 6]],
];

type Worker = {readonly concurrency?: number; readonly lockMs?: number};

/**
 * A worker in a process of its own that keeps account in Redis: `test:taken` has `ms id` of every job taken, `test:done` the id of every one
 * that it has worked off. While `test:mode` is `fail` all of them fail, with `data.reason`; those whose id is in `test:hang` (`*`: all)
 * never end. It does not look for stalled jobs.
 */
export function startCountedWorker(port: number, major: Major, queue: string, {concurrency = 1, lockMs = 30_000}: Worker = {}): ChildProcess {
	const script = `
		const [library, name, port, concurrency, lockDuration] = process.argv.slice(1);
		const connection = {port: Number(port), maxRetriesPerRequest: null};
		const redis = new (require('ioredis').Redis)(connection);
		const work = async job => {
			const id = String(job.id);
			const replies = await redis.pipeline()
				.rpush('test:taken', Date.now() + ' ' + id).get('test:mode').sismember('test:hang', id).sismember('test:hang', '*').exec();
			const [, mode, hangs, allHang] = replies.map(([, reply]) => reply);
			if (hangs || allHang) await new Promise(() => {});
			if (mode === 'fail') throw new Error(job.data.reason || 'connect ECONNREFUSED 10.0.3.5:5432');
			await redis.rpush('test:done', id);
		};
		const quiet = emitter => emitter.on('error', () => {});
		const settings = {lockDuration: Number(lockDuration)};
		if (library === 'bull') {
			const queue = new (require('bull'))(name, {redis: {port: Number(port)}, settings: {...settings, stalledInterval: 0}});
			quiet(queue).process('*', Number(concurrency), work);
		} else quiet(new (require(library).Worker)(name, work, {connection, ...settings, concurrency: Number(concurrency), skipStalledCheck: true}));`;
	const child = spawn(process.execPath, ['-e', script, libraries[major], queue, String(port), String(concurrency), String(lockMs)], {stdio: 'ignore'});
	onTestFinished(() => {
		child.kill('SIGKILL');
	});
	return child;
}
