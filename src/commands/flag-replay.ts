import {UsageError} from '../errors.ts';
import type {Argv} from './flag-argv.ts';

export type ReplayFlags = {readonly file: string};

export function toReplayFlags({words}: Argv): ReplayFlags {
	const [, file, second] = words;
	if (file === undefined || file === '') throw new UsageError('replay needs the file of a recording: redis-triage replay FILE');
	if (second !== undefined) throw new UsageError('replay takes one recording: redis-triage replay FILE');
	return {file};
}
