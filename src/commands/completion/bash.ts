import {commandWords} from '../command-table.ts';
import type {FlaggedCommand} from '../flag-table.ts';
import {
	fileCommands,
	firstWords,
	flagList,
	flagsTaking,
	flagsWith,
	fromConfig,
	hooksAwk,
	quoted,
	settings,
	takesHook,
	targetsAwk,
	wordOperands,
	words,
} from './model.ts';

/** Works with bash 3.2, which macOS has: no mapfile, no associative arrays. */
export function bashCompletion(): string {
	return `${[
		'# bash completion for redis-triage, written by: redis-triage completion bash',
		'',
		...helpers,
		'',
		'_redis_triage() {',
		'	COMPREPLY=()',
		`	local cur=\${COMP_WORDS[COMP_CWORD]} word flag='' command='' action='' config='' given=' ' operands=0 flags=1 i`,
		...scan,
		"	if [[ $cur =~ ^[=:@]+$ ]]; then [[ -n $flag && $cur == = ]] || return 0; cur=''; fi",
		...flagValues(),
		'	if [[ $flags == 1 && $cur == -* ]]; then',
		'		case $command in',
		...commandWords.map(command => `		${command}) _redis_triage_flags ${quoted(spellings(command))} ;;`),
		`		*) _redis_triage_flags ${quoted(spellings('console'))} ;;`,
		'		esac',
		'		return 0',
		'	fi',
		'	case $command:$operands in',
		`	:0) _redis_triage_words ${quoted(firstWords(words.commands))} ;;`,
		...wordOperands.map(
			({command, place, candidates}) =>
				`	${command}:${place}) _redis_triage_words ${quoted(firstWords(candidates))}${takesHook(command) ? '; _redis_triage_hooks' : ''} ;;`,
		),
		`	${fileCommands.map(command => `${command}:1`).join(' | ')}) _redis_triage_files -f ;;`,
		'	esac',
		'}',
		'',
		'complete -F _redis_triage redis-triage',
	].join('\n')}\n`;
}

const spellings = (command: FlaggedCommand): string =>
	flagsWith(command)
		.map(({spelled}) => spelled)
		.join(' ');

const helpers = [
	'# For our own words alone: bash runs what looks like a command in such a list.',
	'_redis_triage_words() {',
	'	COMPREPLY=($(compgen -W "$1" -- "$cur"))',
	'}',
	'',
	'_redis_triage_files() {',
	'	local line',
	'	while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen "$1" -- "$cur")',
	'	compopt -o filenames 2> /dev/null',
	'}',
	'',
	'# What was given already is not offered again.',
	'_redis_triage_flags() {',
	"	local one left=''",
	'	for one in $1; do [[ $given == *" $one "* ]] || left+=" $one"; done',
	'	_redis_triage_words "$left"',
	'}',
	'',
	'# Names are the text of a file: compared, quoted, and never looked into.',
	'_redis_triage_of_config() {',
	'	local file name',
	`	for file in "\${config/#\\~/$HOME}" "\${XDG_CONFIG_HOME:-$HOME/.config}/redis-triage/config.yaml" /etc/redis-triage/config.yaml; do`,
	'		[[ -r $file ]] || continue',
	'		while IFS= read -r name; do',
	'			[[ $name == "$cur"* ]] || continue',
	'			printf -v name %q "$name"',
	'			COMPREPLY+=("$name")',
	`		done < <(awk "$1" < "$file")`,
	'		return 0',
	'	done',
	'}',
	'',
	...fromConfig('targets', targetsAwk),
	'',
	...fromConfig('hooks', hooksAwk),
];

const repeatable = flagList.filter(({isRepeatable}) => isRepeatable).map(({spelled}) => spelled);

/** Readline cuts words at `=`, `:` and `@`: what follows such a piece belongs to the word before. */
const scan = [
	'	for ((i = 1; i < COMP_CWORD; i++)); do',
	`		word=\${COMP_WORDS[i]}`,
	'		if [[ $word =~ ^[=:@]+$ ]]; then',
	'			if ((i + 1 == COMP_CWORD)); then [[ -n $flag && $word == = ]] || return 0; break; fi',
	'			((i++))',
	`			[[ $flag == --config ]] && config=\${COMP_WORDS[i]}`,
	"			flag=''",
	'		elif [[ -n $flag ]]; then',
	'			[[ $flag == --config ]] && config=$word',
	"			flag=''",
	'		elif [[ $flags == 1 && $word == -- ]]; then',
	'			flags=0',
	'		elif [[ $flags == 1 && $word == -* ]]; then',
	`			case $word in ${repeatable.join(' | ')}) ;; *) given+="$word " ;; esac`,
	`			case $word in ${flagsTaking().join(' | ')}) flag=$word ;; esac`,
	'		else',
	'			((operands++))',
	'			if ((operands == 1)); then',
	`				case $word in ${commandWords.join(' | ')}) command=$word ;; esac`,
	'			elif ((operands == 2)); then',
	'				action=$word',
	'			fi',
	'		fi',
	'	done',
];

function flagValues(): readonly string[] {
	return [
		'	case $flag in',
		"	'') ;;",
		`	${flagsTaking('files').join(' | ')}) _redis_triage_files -f; return 0 ;;`,
		`	${flagsTaking('folders').join(' | ')}) _redis_triage_files -d; return 0 ;;`,
		`	${flagsTaking('targets').join(' | ')}) _redis_triage_targets; return 0 ;;`,
		`	${flagsTaking('settings').join(' | ')})`,
		'		case $action in',
		...settings.map(({action, names}) => `		${action}) _redis_triage_words ${quoted(firstWords(names))} ;;`),
		'		esac',
		'		compopt -o nospace 2> /dev/null',
		'		return 0 ;;',
		'	*) return 0 ;;',
		'	esac',
	];
}
