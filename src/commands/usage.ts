import {type CommandSpec, commandTable} from './command-table.ts';
import {shellNames} from './completion/shells.ts';
import {type FlagGroup, type FlagSpec, flagSpecs} from './flag-table.ts';

const columns = 80;
const indent = 2;

export const groups: readonly {readonly group: FlagGroup; readonly title: string}[] = [
	{group: 'Connection', title: "Connection (redis-cli's flags; -h is the host)"},
	{group: 'TLS', title: 'TLS'},
	{group: 'Action', title: 'do: one action without the screen'},
	{group: 'Display', title: 'Display'},
	{group: 'Record', title: 'Record'},
	{group: 'Other', title: 'Other'},
];

const commandRows = (scenarios: readonly string[]): readonly Row[] =>
	Object.values(commandTable).map(spec => [`redis-triage ${spec.usage}`, withNames(spec, scenarios)]);

/** What a command does, with the names that it can be given. */
export function withNames({help, operands}: CommandSpec, scenarios: readonly string[]): string {
	const names = operands.includes('scenario') ? scenarios : operands.includes('shell') ? shellNames : [];
	return names.length > 0 ? `${help}: ${names.join(', ')}` : help;
}

export const urlRows: readonly Row[] = [
	['redis://[[USER]:PASSWORD@]HOST[:PORT][/DB]', 'or valkey://'],
	['rediss://...', 'the same with TLS, or valkeys://'],
	['unix://[[USER]:PASSWORD@]/PATH[?db=DB]', 'a unix socket'],
	['HOST:PORT', 'for short'],
];

export const environmentRows: readonly Row[] = [
	['REDIS_URL', 'The URL when none is given; -h, -s and --sentinel set it aside as a whole'],
	['REDISCLI_AUTH', 'The password when neither a flag nor the URL gives one; before the config file'],
	['NO_COLOR', 'No colours when it is not empty'],
];

export const exampleRows: readonly Row[] = [
	['redis-triage', '$REDIS_URL or 127.0.0.1'],
	['redis-triage -h 10.0.3.7 --askpass', 'ask for the password'],
	['redis-triage rediss://10.0.3.7/0 --cacert ca.pem', 'TLS with your own CA'],
	['redis-triage -s /run/redis.sock --read-only', 'only look'],
	['redis-triage --sentinel s1:26379,s2:26379 --master prod', 'ask Sentinels for the master'],
	['redis-triage --target prod-cache', 'a server of the config file'],
	['redis-triage do script.kill --yes', 'stop the script that blocks it'],
	['redis-triage demo script', 'practise on a stuck script'],
];

/** The text of `--help`: plain ASCII, at most 80 columns, one line break at its end. */
export function usageText(scenarios: readonly string[]): string {
	const flags = [...flagSpecs.values()];
	const flagWidth = widthOf(flags.map(toRow));
	return [
		'redis-triage: a console for a sick Redis: what is stuck, and the remedy',
		section('Usage', commandRows(scenarios)),
		section('URL', urlRows),
		...groups.map(({group, title}) => section(title, flags.filter(flag => flag.group === group).map(toRow), flagWidth)),
		section('Environment (a flag comes before it)', environmentRows),
		section('Examples', exampleRows),
		'A usage error exits with 2, that of check with 3.\n',
	].join('\n\n');
}

export type Row = readonly [left: string, right: string];

const toRow = ({spelled, value, help}: FlagSpec): Row => [value === undefined ? spelled : `${spelled} ${value}`, help];

const widthOf = (rows: readonly Row[]): number => Math.max(...rows.map(([left]) => left.length)) + 2;

function section(title: string, rows: readonly Row[], leftWidth = widthOf(rows)): string {
	return [title, ...rows.map(([left, right]) => hang(left.padEnd(leftWidth), right))].join('\n');
}

/** `left` once, `right` wrapped beside it. */
function hang(left: string, right: string): string {
	const lines: string[] = [];
	let line = '';
	for (const word of right.split(' ')) {
		const longer = line === '' ? word : `${line} ${word}`;
		if (line !== '' && indent + left.length + longer.length > columns) {
			lines.push(line);
			line = word;
		} else line = longer;
	}
	lines.push(line);
	return lines.map((text, index) => `${' '.repeat(indent)}${index === 0 ? left : ' '.repeat(left.length)}${text}`.trimEnd()).join('\n');
}
