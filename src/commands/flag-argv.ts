import meow from 'meow';
import {closest} from '../text/closest.ts';
import {type FlagKey, type FlagSpec, flagSpecs} from './flag-table.ts';

export type Argv = {
	readonly given: ReadonlySet<FlagKey>;
	/** What is not a flag nor a flag's value: a command, a scenario, a URL. */
	readonly words: readonly string[];
	/** The value of a flag, exactly as typed. */
	readonly text: (key: FlagKey) => string | undefined;
	/** The values of a flag that may be given more than once, in order. */
	readonly texts: (key: FlagKey) => readonly string[];
	/** Whether a switch was given. */
	readonly isOn: (key: FlagKey) => boolean;
	/** The first thing wrong with the flags, as one line; never holds a flag's value, which may be a password. */
	readonly problem: string | undefined;
};

/**
 * Split the command line. meow does the parsing, of an argv put beyond doubt first: on its own it takes a value that
 * begins with '-' for the next flag, takes one pair of quotes off a value (so it gets one to take), splits `-abc` into three,
 * accepts undeclared spellings, and ends the process on errors.
 */
export function readArgv(argv: readonly string[]): Argv {
	const {canonical, given, problems} = scan(argv);
	const {flags, input} = meow({
		importMeta: {url: import.meta.url} as ImportMeta,
		argv: canonical,
		flags: meowFlags,
		// Given so that meow reads no package.json; it also makes this the process title, which wipes a password in argv from `ps`.
		pkg: {name: 'redis-triage'},
		description: false,
		autoHelp: false,
		autoVersion: false,
		booleanDefault: undefined,
	});
	const values: Readonly<Record<string, unknown>> = flags;
	return {
		given,
		words: input,
		text: key => (typeof values[key] === 'string' ? values[key] : undefined),
		texts: key => (Array.isArray(values[key]) ? values[key].map(String) : []),
		isOn: key => given.has(key) && values[key] === !isNegated(flagSpecs.get(key)),
		problem: problems[0],
	};
}

const meowFlags = Object.fromEntries(
	[...flagSpecs].map(([key, {value, isRepeatable = false}]) => [key, {type: value === undefined ? 'boolean' : 'string', isMultiple: isRepeatable}] as const),
);

const keyBySpelling: ReadonlyMap<string, FlagKey> = new Map([...flagSpecs].map(([key, {spelled}]) => [spelled, key]));

const spellingByAlias: ReadonlyMap<string, string> = new Map(
	[...flagSpecs.values()].flatMap(({spelled, alsoTypedAs = []}) => alsoTypedAs.map(alias => [alias, spelled] as const)),
);

type Scan = {readonly canonical: string[]; readonly given: Set<FlagKey>; readonly problems: string[]};

function scan(argv: readonly string[]): Scan {
	const result: Scan = {canonical: [], given: new Set(), problems: []};
	const words: string[] = [];
	for (let index = 0; index < argv.length; index++) {
		const word = argv[index] ?? '';
		if (word === '--') {
			words.push(...argv.slice(index + 1));
			break;
		}
		if (word.startsWith('-') && word !== '-') index += scanFlag(word, argv[index + 1], result);
		else words.push(word);
	}
	result.canonical.push('--', ...words);
	return result;
}

type Typed = {readonly name: string; readonly inline: string | undefined; readonly next: string | undefined};

/** Takes one flag into `result` and returns how many further arguments it used. */
function scanFlag(word: string, next: string | undefined, result: Scan): 0 | 1 {
	const [, name = word, inline] = /^([^=]+)=(.*)$/s.exec(word) ?? [];
	const key = keyBySpelling.get(name);
	const spec = key && flagSpecs.get(key);
	if (!key || !spec) {
		result.problems.push(unknownFlag(name));
		return 0;
	}

	const typed = {name, inline, next};
	const wrong = spec.value === undefined ? whyNoSwitch(typed) : whyNoValue(spec, typed);
	const problem = result.given.has(key) && !spec.isRepeatable ? `${name} is given twice: give it once` : wrong;
	result.given.add(key);
	if (problem !== undefined) {
		result.problems.push(problem);
		return 0;
	}
	result.canonical.push(`${meowName(key, spec)}${spec.value === undefined ? '' : `="${inline ?? next}"`}`);
	return spec.value === undefined || inline !== undefined ? 0 : 1;
}

const meowName = (key: FlagKey, spec: FlagSpec): string => `--${isNegated(spec) ? 'no-' : ''}${key.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)}`;

const whyNoSwitch = ({name, inline}: Typed): string | undefined =>
	inline === undefined ? undefined : `${name} is a switch and takes no value: give ${name} alone`;

function whyNoValue({example}: FlagSpec, {name, inline, next}: Typed): string | undefined {
	const wanted = `${name} needs a value, as in ${example}`;
	const value = inline ?? next;
	if (value === undefined) return wanted;
	if (value === '') return `${name} is empty: it needs a value, as in ${example}`;
	const isFlag = inline === undefined && (value === '--' || keyBySpelling.has(value));
	return isFlag ? `${wanted}; ${value} is a flag (${name}=${value} takes it as the value)` : undefined;
}

/** Of a one-dash word only the first letter is shown: `-asecret` is a password typed in a way that redis-cli does not take either. */
function unknownFlag(name: string): string {
	const isLong = name.startsWith('--');
	const short = name.slice(0, 2);
	const meant = spellingByAlias.get(name) ?? closest(isLong ? name : `-${name}`, longSpellings);
	if (!meant && keyBySpelling.has(short)) return `${short} stands alone: put a space between it and its value`;
	const shown = isLong ? name.slice(0, 40) : `${short}${name.length > 2 ? '...' : ''}`;
	return `Unknown flag ${shown.replace(/[^\x20-\x7e]/g, '?')}: ${meant ? `did you mean ${meant}?` : 'see redis-triage --help'}`;
}

const longSpellings = [...keyBySpelling.keys()].filter(spelling => spelling.startsWith('--'));

const isNegated = (spec: FlagSpec | undefined): boolean => spec?.spelled.startsWith('--no-') ?? false;
