import {type ChildProcess, spawn} from 'node:child_process';
import {onTestFinished} from 'vitest';

/** A worker in a process of its own: it holds every job for `data.ms`. `stalledMs`: how often it looks for jobs that others have lost. */
export function startWorker(port: number, library: string, queue: string, lockMs: number, stalledMs = 30_000): ChildProcess {
	const script = `
		const [library, name, port, ...times] = process.argv.slice(1);
		const [lockDuration, stalledInterval] = times.map(Number);
		const connection = {port: Number(port), maxRetriesPerRequest: null};
		const work = job => new Promise(resolve => setTimeout(resolve, job.data.ms));
		const on = emitter => emitter.on('error', () => {});
		if (library === 'bull') {
			const queue = new (require('bull'))(name, {redis: {port: Number(port)}, settings: {lockDuration, stalledInterval}});
			on(queue).process('*', 10, work);
		} else on(new (require(library).Worker)(name, work, {connection, concurrency: 10, lockDuration, stalledInterval}));`;
	const child = spawn(process.execPath, ['-e', script, library, queue, String(port), String(lockMs), String(stalledMs)], {stdio: 'ignore'});
	onTestFinished(() => {
		child.kill('SIGKILL');
	});
	return child;
}
