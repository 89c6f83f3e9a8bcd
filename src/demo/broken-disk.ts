import {mkdirSync, rmSync} from 'node:fs';
import {join} from 'node:path';
import {systemClock} from '../clock.ts';
import {ReplyError} from './resp.ts';
import {quote} from './scratch-server.ts';
import type {Role} from './traffic.ts';

const diskOf = (dir: string): string => join(dir, 'data');

/** A folder of its own for the snapshots, and the lines of redis.conf that put them there; the log stays where it is read. */
export function makeDisk(dir: string): readonly string[] {
	mkdirSync(diskOf(dir), {recursive: true});
	return [`dir ${quote(diskOf(dir))}`, `logfile ${quote(join(dir, 'redis.log'))}`, 'save 60 1'];
}

const saveAgainMs = 300;

/**
 * A cron job that saves at the start, and again when the disk has gone. The server stands in a folder that is no more: no file can be made
 * there, not even by root, for whom no folder is read-only; and a save that fails before it has written anything costs nothing.
 */
export function backup(dir: string, diskLostAtMs: number): Role {
	let isLost = false;
	return {
		name: 'backup-cron',
		hostNumber: 33,
		session: async (client, signal) => {
			if (!isLost) await client.pipeline([['BGSAVE']]);
			await systemClock.sleep(Math.max(0, diskLostAtMs - performance.now()), signal);
			isLost = true;
			while (!signal.aborted) {
				rmSync(diskOf(dir), {recursive: true, force: true, maxRetries: 5, retryDelay: 20});
				const [info] = await client.pipeline([['INFO', 'persistence'], ['BGSAVE']]);
				if (info instanceof ReplyError || String(info).includes('rdb_last_bgsave_status:err')) break;
				await systemClock.sleep(saveAgainMs, signal);
			}
			await client.closed;
		},
	};
}
