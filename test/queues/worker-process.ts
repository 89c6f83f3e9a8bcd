import {type ChildProcess, spawn} from 'node:child_process';
import {onTestFinished} from 'vitest';

/** A worker in a process of its own: it holds every job for `data.ms`. */
export function startWorker(port: number, library: string, queue: string, lockMs: number): ChildProcess {
	const script = `
		const [library, name, port, lockDuration] = process.argv.slice(1);
		const connection = {port: Number(port), maxRetriesPerRequest: null};
		const work = job => new Promise(resolve => setTimeout(resolve, job.data.ms));
		const on = emitter => emitter.on('error', () => {});
		if (library === 'bull') {
			const queue = new (require('bull'))(name, {redis: {port: Number(port)}, settings: {lockDuration: Number(lockDuration)}});
			on(queue).process('*', 10, work);
		} else on(new (require(library).Worker)(name, work, {connection, concurrency: 10, lockDuration: Number(lockDuration)}));`;
	const child = spawn(process.execPath, ['-e', script, library, queue, String(port), String(lockMs)], {stdio: 'ignore'});
	onTestFinished(() => {
		child.kill('SIGKILL');
	});
	return child;
}
