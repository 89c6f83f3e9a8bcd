import {UsageError} from '../errors.ts';
import {isShell, type Shell, shellNames} from './completion/shells.ts';
import type {Argv} from './flag-argv.ts';

export type CompletionFlags = {readonly shell: Shell};

export function toCompletionFlags({words}: Argv): CompletionFlags {
	const [, shell, second] = words;
	const usage = `redis-triage completion ${shellNames.join('|')}`;
	if (shell === undefined || second !== undefined) throw new UsageError(`completion takes the name of a shell: ${usage}`);
	if (isShell(shell)) return {shell};
	const shown = /^[\w.-]{0,40}$/.test(shell) ? `"${shell}"` : 'the argument';
	throw new UsageError(`${shown} is no shell that completion knows: ${usage}`);
}
