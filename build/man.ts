import {builtInActions} from '../src/actions/registry.ts';
import {commandTable} from '../src/commands/command-table.ts';
import {flagSpecs} from '../src/commands/flag-table.ts';
import {environmentRows, exampleRows, groups, type Row, urlRows, withNames} from '../src/commands/usage.ts';
import {scenarios} from '../src/demo/scenarios.ts';
import {keyLabel} from '../src/keymap/key-label.ts';
import {keymap} from '../src/keymap/keymap.ts';
import {contextNames} from './docs.ts';

/** What the help has no room for. */
const moreEnvironment: readonly Row[] = [
	['XDG_CONFIG_HOME, XDG_STATE_HOME', 'Where config file and records are, instead of ~/.config and ~/.local/state'],
	['TERM', 'dumb: no colours'],
	['REDIS_TRIAGE_DEBUG', '1: a failure is told with its stack'],
];

const fileRows: readonly Row[] = [
	[
		'~/.config/redis-triage/config.yaml',
		'Targets by name, thresholds, components, hooks; else /etc/redis-triage/config.yaml. With a password in it: chmod 600',
	],
	['~/.local/state/redis-triage/audit.jsonl', 'Every action, on the disk before anything is sent'],
	['~/.local/state/redis-triage/recordings', 'What the console has seen, a file a session'],
	['~/.cache/redis-triage', 'What V8 has made of the program, for a quicker start ($XDG_CACHE_HOME); it may be removed at any time'],
];

const exitRows: readonly Row[] = [
	['redis-triage, demo, replay, report', '0 left or written, 1 a failure, 2 a usage error; 128 and the number of the signal that ended it'],
	['redis-triage check', '0 fine, 1 a P1 or P2 finding, 2 a P0 finding, 3 could not tell'],
	['redis-triage do', '0 done, 1 failed, refused or cancelled, 2 not confirmed or a usage error, 3 it was sent and its effect is not known'],
];

const description = [
	'A full-screen console for the moment when a Redis or Valkey is sick: what is stuck, what that means, and the remedy, behind a dialog with the literal commands. It runs a remedy once, checks that it worked, and writes it down.',
	'It works when the server does not: silent, BUSY, full of clients, loading, refusing commands, or gone. Everything that it can do is listed under ACTIONS, and can be done without the screen by do.',
];

const placeholder = /\b(?:URL|ACTION|FILE|SCENARIO|SHELL)\b/g;

/** redis-triage(1), from the tables that help, keys and actions are made of. `date` as in 2026-11-29. */
export function manPage(version: string, date: string): string {
	const sections: readonly (readonly [string, readonly string[]])[] = [
		['NAME', ['redis\\-triage \\- console for a sick Redis']],
		['SYNOPSIS', Object.values(commandTable).flatMap(({usage}, index) => [...(index > 0 ? ['.br'] : []), synopsis(usage)])],
		['DESCRIPTION', description.flatMap((text, index) => [...(index > 0 ? ['.PP'] : []), prose(text)])],
		['COMMANDS', rows(Object.values(commandTable).map(spec => [`redis-triage ${spec.usage}`, withNames(spec, [])] as const)).concat(scenarioRows())],
		['OPTIONS', groups.flatMap(({group, title}) => [`.SS ${quoted(title)}`, ...rows(flagRows(group))])],
		['URL', rows(urlRows)],
		['KEYS', keyRows()],
		['ACTIONS', builtInActions.flatMap(actionRow)],
		['ENVIRONMENT', ['A flag comes before it.', ...rows([...environmentRows, ...moreEnvironment])]],
		['FILES', rows(fileRows)],
		['EXIT STATUS', rows(exitRows)],
		['EXAMPLES', rows(exampleRows)],
		['SEE ALSO', ['.BR redis\\-cli (1),', '.BR valkey\\-cli (1)']],
	];
	const head = [
		`.\\" Generated from the program's own tables by build/man.ts.`,
		`.TH REDIS\\-TRIAGE 1 ${date} ${quoted(`redis-triage ${version}`)} "User Commands"`,
	];
	return `${[...head, ...sections.flatMap(([title, lines]) => [`.SH ${quoted(title)}`, ...lines])].join('\n')}\n`;
}

const flagRows = (group: string): readonly Row[] =>
	[...flagSpecs.values()].filter(flag => flag.group === group).map(({spelled, value, help}) => [value === undefined ? spelled : `${spelled} ${value}`, help]);

function scenarioRows(): readonly string[] {
	return ['.PP', 'Scenarios of demo; the first is the default:', '.RS', ...rows(scenarios.map(({name, description: text}) => [name, text] as const)), '.RE'];
}

/** A heading for each place where keys are heard, in the order of the keymap. */
function keyRows(): readonly string[] {
	const places = [...new Set(keymap.map(({context}) => contextNames[context]))];
	return places.flatMap(place => [
		`.SS ${quoted(place)}`,
		...rows(keymap.filter(({context}) => contextNames[context] === place).map(({keys, label}) => [keys.map(keyLabel).join(', '), label] as const)),
	]);
}

const actionRow = ({id, danger, doc}: (typeof builtInActions)[number]): readonly string[] => [
	'.TP',
	`.BR ${quoted(id)} " (${danger})"`,
	prose(`${doc.does}.`),
	'.br',
	prose(`Sends: ${doc.sends}`),
	'.br',
	prose(`Undo: ${doc.undo}`),
];

const rows = (table: readonly Row[]): readonly string[] => table.flatMap(([left, right]) => ['.TP', `.B ${quoted(left)}`, prose(right)]);

const synopsis = (usage: string): string => `\\fBredis\\-triage\\fR ${escaped(usage).replaceAll(placeholder, '\\fI$&\\fR')}`;

/** A hyphen that is copied must be one, and a backslash too. */
const escaped = (text: string): string =>
	text
		.replaceAll('\\', '\\e')
		.replaceAll('-', '\\-')
		.replaceAll(/[^\x20-\x7e]/gu, character => `\\[u${character.codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0')}]`);

/** A line of text must not begin like a request. */
const prose = (text: string): string => escaped(text).replace(/^[.']/, '\\&$&');

const quoted = (text: string): string => `"${escaped(text).replaceAll('"', '\\(dq')}"`;
