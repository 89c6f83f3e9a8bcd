import type {ReadStream, WriteStream} from 'node:tty';
import {UsageError} from '../../errors.ts';
import type {Machine} from './programs.ts';

/** What the console needs of the process it runs in. */
export type Seat = {
	readonly stdin: ReadStream;
	readonly stdout: WriteStream & {readonly fd: number};
	readonly env: Readonly<Record<string, string | undefined>>;
	readonly userName: string;
	readonly hostName: string;
	readonly homeFolder: string;
	/** For process groups: a negative pid. */
	readonly kill: Machine['kill'];
	readonly pid: number;
	/** Told once the start is long over and no key has been pressed for a while: time for work that nobody is to notice. */
	readonly onCalm: () => void;
	/** Of this program. */
	readonly version: string;
};

/** How other consoles see this one. */
export const labelOf = ({userName, hostName}: Seat): string => `${userName}@${hostName}`;

/** Without a terminal there is nothing to show and nobody to press a key. */
export function requireTerminal({stdin, stdout}: Pick<Seat, 'stdin' | 'stdout'>): void {
	if (stdin.isTTY && stdout.isTTY) return;
	throw new UsageError(`The console needs a terminal on ${stdin.isTTY ? 'stdout' : 'stdin'}; for scripts and cron there is redis-triage check`);
}

/** As documents name it. */
export const programName = ({version}: Pick<Seat, 'version'>): string => `redis-triage ${version}`;

/** Is there a process with this number, anybody's? */
export const isAlive =
	({kill}: Pick<Seat, 'kill'>) =>
	(pid: number): boolean => {
		try {
			kill(pid, 0);
			return true;
		} catch (error) {
			// One that is not ours is there all the same.
			return error instanceof Error && 'code' in error && error.code === 'EPERM';
		}
	};
