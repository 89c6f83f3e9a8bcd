import {commandWords} from '../command-table.ts';
import type {FlagSpec} from '../flag-table.ts';
import {type Candidate, fileCommands, flagList, flagsTaking, hooksAwk, settings, takesHook, targetsAwk, wordOperands, words} from './model.ts';

export function fishCompletion(): string {
	return `${[
		'# fish completion for redis-triage, written by: redis-triage completion fish',
		'',
		...operands,
		'',
		...conditions,
		'',
		...ofConfig,
		'',
		...fromConfig('targets', targetsAwk),
		'',
		...fromConfig('hooks', hooksAwk),
		'',
		'function __redis_triage_settings',
		'	switch "$(__redis_triage_operands)[2]"',
		...settings.flatMap(({action, names}) => [
			`		case ${action}`,
			...names.map(([word, help]) => `			printf '%s\\t%s\\n' ${fishQuoted(word)} ${fishQuoted(help)}`),
		]),
		'	end',
		'end',
		'',
		'complete -c redis-triage -f',
		...lines("__redis_triage_at '' 0", words.commands),
		...wordOperands.flatMap(({command, place, candidates}) => lines(`__redis_triage_at ${command} ${place}`, candidates)),
		...commandWords.filter(takesHook).map(command => `complete -c redis-triage -n '__redis_triage_at ${command} 1' -a '(__redis_triage_hooks)'`),
		...fileCommands.map(command => `complete -c redis-triage -n '__redis_triage_at ${command} 1' -F`),
		...flagList.map(flagLine),
	].join('\n')}\n`;
}

/** Fish's own escapes within single quotes are `\\` and `\'`. */
const fishQuoted = (text: string): string => `'${text.replaceAll(/[\\']/g, '\\$&')}'`;

const operands = [
	'# What stands before the cursor and is neither a flag nor the value of one.',
	'function __redis_triage_operands',
	"	set -l flag ''",
	'	set -l tokens (commandline -opc)',
	'	for token in $tokens[2..]',
	'		if test -n "$flag"',
	"			set flag ''",
	'			continue',
	'		end',
	'		switch $token',
	`			case ${flagsTaking().join(' ')}`,
	'				set flag $token',
	"			case '-*'",
	"			case '*'",
	"				printf '%s\\n' $token",
	'		end',
	'	end',
	'end',
];

const conditions = [
	'function __redis_triage_command',
	'	set -l given (__redis_triage_operands)',
	`	contains -- "$given[1]" ${commandWords.join(' ')}`,
	'	and echo $given[1]',
	'	or echo console',
	'end',
	'',
	'# The command, and how many operands stand there, its own word included.',
	'function __redis_triage_at',
	'	set -l given (__redis_triage_operands)',
	'	test "$given[1]" = "$argv[1]" -a (count $given) = $argv[2]',
	'end',
	'',
	'function __redis_triage_with',
	'	contains -- (__redis_triage_command) $argv',
	'end',
];

const ofConfig = [
	'function __redis_triage_of_config',
	'	set -l tokens (commandline -opc)',
	'	set -l files',
	'	for i in (seq 2 (count $tokens))',
	'		if test $tokens[$i] = --config -a $i -lt (count $tokens)',
	'			set -a files (string replace -r "^~" $HOME -- $tokens[(math $i + 1)])',
	'		end',
	"		string match -q -- '--config=*' $tokens[$i]",
	"		and set -a files (string replace -r '^--config=' '' -- $tokens[$i])",
	'	end',
	'	set -q XDG_CONFIG_HOME',
	'	and set -a files $XDG_CONFIG_HOME/redis-triage/config.yaml',
	'	or set -a files $HOME/.config/redis-triage/config.yaml',
	'	for file in $files /etc/redis-triage/config.yaml',
	'		test -r $file',
	'		or continue',
	'		awk $argv[1] < $file',
	'		return',
	'	end',
	'end',
];

/** A function that offers what `awk` finds in the config file. */
const fromConfig = (name: string, awk: readonly string[]): readonly string[] => [
	`function __redis_triage_${name}`,
	"	__redis_triage_of_config '",
	...awk.map(row => `		${row.replaceAll('\\', '\\\\')}`),
	"	'",
	'end',
];

const lines = (condition: string, candidates: readonly Candidate[]): readonly string[] =>
	candidates.map(([word, help]) => `complete -c redis-triage -n ${fishQuoted(condition)} -a ${word} -d ${fishQuoted(help)}`);

function flagLine({spelled, value, values, goesWith, help}: FlagSpec): string {
	const name = spelled.startsWith('--') ? `-l ${spelled.slice(2)}` : `-s ${spelled.slice(1)}`;
	const sources = {
		files: ' -r -F',
		folders: " -x -a '(__fish_complete_directories)'",
		targets: " -x -a '(__redis_triage_targets)'",
		settings: " -x -a '(__redis_triage_settings)'",
	};
	const takes = value === undefined ? '' : values ? sources[values] : ' -x';
	return `complete -c redis-triage -n '__redis_triage_with ${goesWith.join(' ')}' ${name}${takes} -d ${fishQuoted(help)}`;
}
