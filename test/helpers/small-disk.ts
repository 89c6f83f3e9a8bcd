import {execFileSync} from 'node:child_process';
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {onTestFinished} from 'vitest';

/** A file system of so many KiB; undefined where mounting is not permitted. */
export function smallDisk(kibibytes: number): string | undefined {
	const folder = mkdtempSync(join(tmpdir(), 'redis-triage-disk-'));
	try {
		execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${kibibytes}k`, 'tmpfs', folder], {stdio: 'ignore'});
	} catch {
		rmSync(folder, {recursive: true});
		return undefined;
	}
	onTestFinished(() => {
		execFileSync('umount', ['-l', folder]);
		rmSync(folder, {recursive: true});
	});
	return folder;
}
