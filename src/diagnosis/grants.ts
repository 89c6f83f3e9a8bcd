import {classifyError} from '../redis/parse/errors.ts';
import type {Snapshot} from '../store/snapshot.ts';
import {hiddenFrom} from './hidden.ts';

/** Of these the second word names a command too. */
const containers: ReadonlySet<string> = new Set([
	'acl',
	'client',
	'cluster',
	'config',
	'function',
	'latency',
	'memory',
	'object',
	'script',
	'slowlog',
	'xinfo',
]);

/** `+config|get`, `+info`; what a rule of an ACL says of `CONFIG GET`, `INFO commandstats`. */
function ruleFor(words: string): string {
	const [command = '', subcommand] = words.toLowerCase().split(' ');
	return containers.has(command) && subcommand !== undefined ? `+${command}|${subcommand}` : `+${command}`;
}

/** Rules of an ACL that would let this user see what is refused to it now; [] where that is no matter of rights (renamed, switched off). */
export function rulesToLook(snapshot: Snapshot): readonly string[] {
	const rules = hiddenFrom(snapshot).flatMap(({command, reason}) => {
		const error = classifyError(reason);
		if (error.kind !== 'noperm') return [];
		if (error.what === 'key') return [hasReadPatterns(snapshot) ? '%R~*' : '~*'];
		return command === 'ACL DRYRUN' ? ['+acl|whoami', '+acl|dryrun'] : [ruleFor(command)];
	});
	return [...new Set(rules)];
}

/** The same for the actions of the console, as far as the server has said that it would refuse them. */
export function rulesToAct({permissions}: Snapshot): readonly string[] {
	return [...(permissions.data ?? [])].flatMap(([command, isAllowed]) => (isAllowed ? [] : [ruleFor(command)]));
}

/** 7.0 and newer: keys that may be read and not written. */
const hasReadPatterns = ({identity}: Snapshot): boolean => Number.parseInt(identity.version ?? '', 10) >= 7;

/** `ACL SETUSER alice +config|get …` for an administrator, in as many commands as lines of this width take. */
export function grantLines(user: string, rules: readonly string[], width = Number.POSITIVE_INFINITY): readonly string[] {
	const head = `ACL SETUSER ${user}`;
	const lines: string[] = [];
	for (const rule of rules) {
		const last = lines.at(-1);
		if (last !== undefined && last.length + rule.length < width) lines[lines.length - 1] = `${last} ${rule}`;
		else lines.push(`${head} ${rule}`);
	}
	return lines;
}
