import {commandTable, commandWords} from '../command-table.ts';
import type {FlaggedCommand, FlagSpec} from '../flag-table.ts';
import {
	type Candidate,
	fileCommands,
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

/** A file for `fpath` that can be sourced as well. */
export function zshCompletion(): string {
	return `${[
		'#compdef redis-triage',
		'# zsh completion for redis-triage, written by: redis-triage completion zsh',
		'',
		...ofConfig,
		'',
		...fromConfig('targets', targetsAwk),
		'',
		...fromConfig('hooks', hooksAwk),
		'',
		'_redis_triage_settings() {',
		'	local -a found',
		'	case $chosen in',
		...settings.map(({action, names}) => `	${action}) found=(${described(names)}) ;;`),
		'	esac',
		"	_describe -t settings setting found -S ''",
		'}',
		'',
		...wordOperands.flatMap(({command, candidates}) => describer(command, candidates, takesHook(command) ? ['	_redis_triage_hooks'] : [])),
		...describer('commands', words.commands),
		'_redis_triage() {',
		"	local word flag='' command='' chosen='' file_of_config='' i",
		'	local -i operands=0',
		'	local -a places specs',
		...scan,
		'	case $command in',
		...commandWords.flatMap(command => [`	${command})`, ...specs(command), '		;;']),
		'	*)',
		...specs('console'),
		'		;;',
		'	esac',
		'	_arguments -S : $specs',
		'}',
		'',
		'if [[ $funcstack[1] == _redis_triage ]]; then _redis_triage "$@"; else compdef _redis_triage redis-triage; fi',
	].join('\n')}\n`;
}

const ofConfig = [
	'_redis_triage_of_config() {',
	'	local file',
	'	local -a found',
	`	for file in \${file_of_config/#\\~/$HOME} \${XDG_CONFIG_HOME:-$HOME/.config}/redis-triage/config.yaml /etc/redis-triage/config.yaml; do`,
	'		[[ -r $file ]] || continue',
	`		found=(\${(f)"$(awk $1 < $file)"})`,
	'		compadd -a -- found',
	'		return',
	'	done',
	'}',
];

const scan = [
	'	for ((i = 2; i < CURRENT; i++)); do',
	`		word=\${(Q)words[i]}`,
	'		if [[ -n $flag ]]; then',
	'			[[ $flag == --config ]] && file_of_config=$word',
	"			flag=''",
	'			continue',
	'		fi',
	'		case $word in',
	`		${flagsTaking().join('|')}) flag=$word ;;`,
	`		--config=*) file_of_config=\${word#*=} ;;`,
	'		-*) ;;',
	'		*)',
	'			((++operands == 1)) && case $word in',
	`			${commandWords.join('|')}) command=$word ;;`,
	'			esac',
	'			((operands == 2)) && chosen=$word',
	'			;;',
	'		esac',
	'	done',
];

function specs(command: FlaggedCommand): readonly string[] {
	const operands = command === 'console' ? ["'1:command or URL:_redis_triage_commands'"] : [`'1: :(${command})'`, ...operandSpecs(command)];
	return ['		specs=(', ...[...flagsWith(command).map(flagSpec), ...operands].map(row => `			${row}`), '		)'];
}

/** None for an address: with a place to fill in for which nothing can be offered, zsh would only list a flag that it could write out. */
function operandSpecs(command: FlaggedCommand): readonly string[] {
	return commandTable[command].operands.flatMap((operand, index) => {
		const isWord = wordOperands.some(row => row.command === command && row.place === index + 1);
		const completer = isWord ? `_redis_triage_${command}` : fileCommands.includes(command) ? '_files' : undefined;
		return completer === undefined ? [] : [quoted(`${index + 2}:${operand}:${completer}`)];
	});
}

/** A repeated flag begins with `*`; a long one takes its value also behind `=`. */
function flagSpec({spelled, value, values, isRepeatable, help}: FlagSpec): string {
	const text = `[${help.replaceAll(/[\\[\]:]/g, '\\$&')}]`;
	const name = `${isRepeatable ? '*' : ''}${spelled}`;
	if (value === undefined) return quoted(`${name}${text}`);
	const completers = {files: '_files', folders: '_files -/', targets: '_redis_triage_targets', settings: '_redis_triage_settings'};
	return quoted(`${name}${spelled.startsWith('--') ? '=' : ''}${text}:${value.replaceAll(':', '\\:')}:${values ? completers[values] : ''}`);
}

const described = (candidates: readonly Candidate[]): string => candidates.map(([word, help]) => quoted(`${word.replaceAll(':', '\\:')}:${help}`)).join(' ');

const describer = (name: string, candidates: readonly Candidate[], more: readonly string[] = []): readonly string[] => [
	`_redis_triage_${name}() {`,
	`	local -a found=(${described(candidates)})`,
	`	_describe -t ${name} ${name} found`,
	...more,
	'}',
	'',
];
