import {builtInActions} from '../../actions/registry.ts';
import {scenarios} from '../../demo/scenarios.ts';
import {commandTable, commandWords} from '../command-table.ts';
import {type FlaggedCommand, type FlagSpec, flagSpecs} from '../flag-table.ts';
import {shellNames} from './shells.ts';

/** A word that can be completed, and what is said of it. */
export type Candidate = readonly [word: string, help: string];

/** What is the same in all shells, from the tables that help and dispatch are made of. */
export const words = {
	commands: commandWords.map((name): Candidate => [name, commandTable[name].help]),
	actions: builtInActions.map(({id, title, danger}): Candidate => [id, `${title} (${danger})`]),
	scenarios: scenarios.map(({name, description}): Candidate => [name, description]),
	shells: shellNames.map((name): Candidate => [name, `completions for ${name}`]),
};

/** What `--set` takes with an action, as `name=`. Actions without settings are left out. */
export const settings: readonly {readonly action: string; readonly names: readonly Candidate[]}[] = builtInActions.flatMap(({id, params = []}) =>
	params.length > 0 ? [{action: id, names: params.map(({name, hint}): Candidate => [`${name}=`, hint])}] : [],
);

export const flagList: readonly FlagSpec[] = [...flagSpecs.values()];

export const flagsWith = (command: FlaggedCommand): readonly FlagSpec[] => flagList.filter(({goesWith}) => goesWith.includes(command));

/** Flags that take a value, those whose value is of one kind. */
export const flagsTaking = (kind?: FlagSpec['values']): readonly string[] =>
	flagList.filter(({value, values}) => value !== undefined && (kind === undefined || values === kind)).map(({spelled}) => spelled);

/** Which words are offered behind a command, by the place among its operands; file names and addresses are not words. */
export const wordOperands: readonly {readonly command: FlaggedCommand; readonly place: number; readonly candidates: readonly Candidate[]}[] =
	commandWords.flatMap(command =>
		commandTable[command].operands.flatMap((operand, index) => {
			const candidates = {action: words.actions, scenario: words.scenarios, shell: words.shells, url: [], recording: []}[operand];
			return candidates.length > 0 ? [{command, place: index + 1, candidates}] : [];
		}),
	);

/** Commands whose operand is a file. */
export const fileCommands: readonly FlaggedCommand[] = commandWords.filter(command => commandTable[command].operands.includes('recording'));

/** In single quotes, for sh, bash and zsh. */
export const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

export const firstWords = (candidates: readonly Candidate[]): string => candidates.map(([word]) => word).join(' ');

/** Awk that prints the names of the targets of a config file (YAML as people write it: a block of keys below `targets:`). */
export const targetsAwk = [
	'/^[^ \\t#]/ { on = /^targets:/; next }',
	'on && match($0, /^[ \\t]+/) && $1 ~ /^[^#-].*:/ {',
	'	if (!indent) indent = RLENGTH',
	'	if (RLENGTH == indent) { sub(/:.*/, "", $1); gsub(/["\\047]/, "", $1); print $1 }',
	'}',
] as const;

/** The same for the actions of its hooks, whose names are plain by its schema. */
export const hooksAwk = [
	'/^[^ \\t#-]/ { on = /^hooks:/ }',
	'on { while (match($0, /(^|[-{,])[ \\t]*name:[ \\t]*["\\047]?[a-z0-9-]+/)) {',
	'	name = substr($0, RSTART, RLENGTH)',
	'	$0 = substr($0, RSTART + RLENGTH)',
	'	sub(/.*[^a-z0-9-]/, "", name)',
	'	print "hook." name',
	'} }',
] as const;

/** In bash and zsh: a function that offers what `awk` finds in the config file. */
export const fromConfig = (name: string, awk: readonly string[]): readonly string[] => [
	`_redis_triage_${name}() {`,
	"	_redis_triage_of_config '",
	...awk.map(row => `		${row}`),
	"	'",
	'}',
];

/** Whose first word may also be a hook of the config file. */
export const takesHook = (command: FlaggedCommand): boolean => commandTable[command].operands[0] === 'action';
