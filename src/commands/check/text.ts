import {grantLines} from '../../diagnosis/grants.ts';
import {formatBytes, formatCount, formatPercent, formatRate, formatSeconds, plural} from '../../text/format.ts';
import {cellWidth, cut, toVisible} from '../../text/safe-text.ts';
import {wrapText} from '../../text/wrap.ts';
import {queueRows} from './queue-rows.ts';
import type {Report} from './report.ts';

/** A terminal's, and a mail's. */
const columns = 80;

const indent = '   ';

/** SGR codes of the 16 colours that can be read on light and dark. */
const colours: Readonly<Record<string, string>> = {P0: '1;31', P1: '1;35', P2: '36', ok: '32'};

export type TextOptions = {
	readonly colour: boolean;
	/** What helps with a finding and is done outside of the console. */
	readonly stepsOf?: (findingId: string) => readonly string[];
	/** Whether the console has this action; one that it has not got is no advice. */
	readonly hasAction?: (actionId: string) => boolean;
};

const named = (name: string, text: string): readonly string[] => (text === '' ? [] : wrapped(`${name}: ${text}`));

/** The report as text of at most 80 columns, worst first: its first line alone tells the severity, the state and the server. */
export function toText(report: Report, {colour, stepsOf = () => [], hasAction = () => true}: TextOptions): string {
	const painted = (severity: string) => (colour && colours[severity] !== undefined ? `\u001b[${colours[severity]}m${severity}\u001b[0m` : severity);
	const first = headline(report);
	const rows = [
		`${painted(first.severity)}${first.rest}`,
		...serverRows(report),
		...loginRows(report),
		...report.findings.flatMap(finding => [
			'',
			...hung(`${finding.severity} ${finding.id}  ${finding.title}`).map((row, index) => (index === 0 ? row.replace(finding.severity, painted) : row)),
			...wrapped(finding.evidence),
			...wrapped(`affects: ${finding.components.join(', ')}`),
			...named('remedies', finding.remedies.filter(hasAction).join(', ')),
			...stepsOf(finding.id).flatMap(step => named('by hand', step)),
		]),
		...section('Vitals', vitalRows(report)),
		...(report.queues === null ? [] : section(`Queues (${report.queues.length})`, queueRows(report.queues, columns - indent.length))),
		...section('Not read', unreadRows(report)),
		...grantRows(report),
	];
	return `${rows.map(row => row.trimEnd()).join('\n')}\n`;
}

/** `P1 OK prod-cache 10.0.3.7:6379 85% of maxmemory are used (2 more)`, for those who read no further. */
function headline({severity, state, target, findings, unavailable}: Report): {readonly severity: string; readonly rest: string} {
	const word = severity ?? '??';
	const [worst, ...others] = findings;
	const more = others.length === 0 ? '' : ` (${others.length} more)`;
	const what = severity === null ? `could not tell: ${unavailable[0]?.reason ?? ''}` : (worst?.title ?? 'nothing found');
	const begin = ` ${state} ${toVisible(target)} `;
	const room = columns - word.length - cellWidth(begin) - more.length;
	const title = toVisible(what);
	return {severity: word, rest: `${begin}${cellWidth(title) <= room ? title : `${cut(title, Math.max(0, room - 1))}…`}${more}`};
}

function serverRows({server, at}: Report): readonly string[] {
	const parts = [server.product, server.version, server.role].flatMap(part => part ?? []);
	const up = server.uptimeSeconds === null ? [] : [`up ${formatSeconds(server.uptimeSeconds)}`];
	return wrapped([parts.join(' '), ...up, `seen ${at}`].filter(text => text !== '').join(', '));
}

/** The server's own words say what is wrong, not what to type. */
function loginRows({state, unavailable}: Report): readonly string[] {
	if (state !== 'NOAUTH') return [];
	return unavailable.some(({reason}) => reason.startsWith('WRONGPASS'))
		? wrapped('login: user or password is refused; another one with REDISCLI_AUTH, --askpass or -a PASSWORD, and --user NAME for any user but default')
		: wrapped('login: set REDISCLI_AUTH, or add --askpass or -a PASSWORD; --user NAME for any user but default');
}

function vitalRows({vitals, memory, clients, persistence, replication}: Report): readonly string[] {
	if (vitals.connectedClients === null && vitals.usedMemoryBytes === null) return [];
	const save = persistence.lastSaveAt === null ? '-' : `${persistence.lastSaveAt}${persistence.lastSaveOk === false ? ', failed since' : ''}`;
	return [
		facts(
			['ops', shown(vitals.opsPerSecond, value => formatRate(value))],
			['cpu', shown(vitals.cpuPercent, value => formatPercent(value / 100))],
			['hits', shown(vitals.hitRate, value => formatPercent(value))],
			['evicted', shown(vitals.evictedPerSecond, value => formatRate(value))],
		),
		facts(['clients', `${shown(vitals.connectedClients, formatted)} of ${shown(vitals.maxClients, formatted)}`], ['blocked', blockedText(clients)]),
		facts(['memory', memoryText(memory)], ['keys', shown(memory.keys, formatted)], ['fragmentation', shown(memory.fragmentationRatio, String)]),
		facts(['saved', save], ['changes since', shown(persistence.changesSinceSave, formatted)], ['aof', aofText(persistence)]),
		facts(
			['replicas', shown(replication.connectedReplicas, formatted)],
			['lag', shown(replication.lagSeconds, value => formatSeconds(value))],
			...(replication.linkUp === null ? [] : [['link to the master', replication.linkUp ? 'up' : 'down'] as const]),
		),
	];
}

const facts = (...pairs: readonly (readonly [string, string])[]): string => pairs.map(([name, value]) => `${name} ${value}`).join('   ');

const formatted = (value: number): string => formatCount(value);

const shown = (value: number | null, format: (value: number) => string): string => (value === null ? '-' : format(value));

/** The two figures are of two replies, and clients come and go between them: no more are workers than are blocked. */
function blockedText({blocked, blockedWorkers}: Report['clients']): string {
	if (blocked === null || !blockedWorkers) return shown(blocked, formatted);
	return `${formatted(Math.max(blocked, blockedWorkers))}, of them ${plural(blockedWorkers, 'worker')} waiting for jobs`;
}

function memoryText({usedBytes, maxBytes, policy}: Report['memory']): string {
	const used = shown(usedBytes, value => formatBytes(value));
	return maxBytes ? `${used} of ${formatBytes(maxBytes)} (${policy ?? '-'})` : `${used}, ${maxBytes === 0 ? 'no limit' : 'limit not known'}`;
}

function aofText({aofEnabled, aofOk}: Report['persistence']): string {
	if (aofEnabled === null) return '-';
	return aofEnabled ? (aofOk === false ? 'failing' : 'on') : 'off';
}

/** Only what somebody could do something about: that a master has no link to a master need not be read by anybody. */
function unreadRows({unavailable, access}: Report): readonly string[] {
	const byReason = new Map<string, string[]>();
	for (const {command, reason, isNatural} of unavailable) if (!isNatural) byReason.set(reason, [...(byReason.get(reason) ?? []), command]);
	const rows = [...byReason].map(([reason, commands]) => `${commands.join(', ')}: ${reason}`);
	const more = rows.length > shownAtMost ? [`and ${plural(rows.length - shownAtMost, 'more reason')}, see --json`] : [];
	const actions = access.mayNotAct?.length ? [`This user may not run ${access.mayNotAct.join(', ')}`] : [];
	return [...rows.slice(0, shownAtMost), ...more, ...actions];
}

const shownAtMost = 20;

/** Each row is a command of its own, to be copied: none is broken. */
function grantRows({access}: Report): readonly string[] {
	const rows = access.grants.flatMap(line => {
		const [, , user = '', ...rules] = line.split(' ');
		return grantLines(user, rules, columns - indent.length);
	});
	return rows.length === 0 ? [] : ['', 'An administrator would allow it with', ...rows.map(row => `${indent}${toVisible(row)}`)];
}

const section = (title: string, rows: readonly string[]): readonly string[] => (rows.length === 0 ? [] : ['', title, ...rows.flatMap(wrapped)]);

/** Indented, and broken at blanks where it is too long. */
function wrapped(text: string): readonly string[] {
	const visible = toVisible(text);
	const room = columns - indent.length;
	return cellWidth(visible) <= room ? [`${indent}${visible}`] : hung(visible, indent);
}

/** Broken at blanks, what follows the first row indented further. */
function hung(text: string, first = ''): readonly string[] {
	const [head = '', ...rest] = wrapText(toVisible(text), columns - first.length);
	const tail = rest.join(' ');
	const further = `${first || indent}  `;
	return [`${first}${head}`, ...(tail === '' ? [] : wrapText(tail, columns - further.length).map(row => `${further}${row}`))];
}
