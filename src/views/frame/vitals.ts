import type {History, VitalName} from '../../store/history.ts';
import type {Vitals} from '../../store/vitals.ts';
import {formatBytes, formatCount, formatCountShort, formatPercent, formatSeconds} from '../../text/format.ts';
import {cellWidth, pad} from '../../text/safe-text.ts';
import {type Line, line, lineWidth, spread, type Tone} from '../kit/line.ts';
import {sparkline} from '../kit/sparkline.ts';

type VitalsInput = {
	readonly vitals: Vitals;
	readonly history: History;
	readonly nowMs: number;
	/** How old the figures are, where they are from before the server stopped answering. */
	readonly staleSeconds: number | undefined;
	/** What the console costs the server, in the words that are best and in fewer. */
	readonly ownCost: readonly string[];
	readonly ascii: boolean;
};

type Vital = {
	readonly label: string;
	readonly value: string /** Cells the value usually takes, so that its neighbours stand still. */;
	readonly room: number;
	readonly tone: Tone;
	readonly samples: VitalName | undefined;
	readonly max?: number | undefined;
};

/** One or two rows of figures with their recent course; as many as fit, the most telling first. At the right edge: what the console itself costs. */
export function vitalLines(input: VitalsInput, width: number, rows: number): readonly Line[] {
	const {staleSeconds, ownCost, ascii} = input;
	const {spark, gap, vitals} = layoutOf(input, width, rows);
	const age = staleSeconds === undefined ? [] : [line({text: `${formatSeconds(staleSeconds, {ascii})} old`, tone: 'warn'})];
	const pieces = [...age, ...vitals.map(vital => piece(vital, input, spark))];
	const reserved = ownCost.length === 0 ? 0 : cellWidth(ownCost.at(-1) ?? '') + 1;
	// So that no figure goes from row to row as its neighbours get longer and shorter.
	const first = rows > 1 && width < wide ? age.length + mainVitals : pieces.length;
	const [top = [], ...others] = filled(pieces, {gap, width, reserved, first});
	const cost = ownCost.find(words => lineWidth(top) + 1 + cellWidth(words) <= width);
	const lines = [cost === undefined ? top : spread(top, [{text: cost, tone: 'dim'}], width, {ascii}), ...others];
	return Array.from({length: rows}, (_, index) => lines[index] ?? []);
}

function layoutOf(input: VitalsInput, width: number, rows: number): {readonly spark: number; readonly gap: string; readonly vitals: readonly Vital[]} {
	if (rows === 1) return {spark: width < wide ? 3 : 8, gap: '  ', vitals: vitalsInBrief(input, width)};
	if (width < wide) return {spark: 6, gap: '  ', vitals: [...vitalsToShow(input), lastSave(input, 'age')]};
	return {spark: 16, gap: '   ', vitals: [...vitalsToShow(input), lastSave(input, 'age and changes')]};
}

/** From this many columns on there is room for a longer course. */
const wide = 160;
/** From here on there is room for the course of more than one figure in a single row. */
const medium = 100;
/** Operations, processor, clients and memory have the first row of two to themselves where it is short. */
const mainVitals = 4;

/** `reserved`: cells of the first row that are somebody else's. `first`: no more pieces than so many in the first. */
type Filling = {readonly gap: string; readonly width: number; readonly reserved: number; readonly first: number};

/** The pieces in rows, each as full as it gets. */
function filled(pieces: readonly Line[], {gap, width, reserved, first}: Filling): readonly Line[] {
	const lines: Line[] = [];
	for (const [index, content] of pieces.entries()) {
		const last = index === first && lines.length === 1 ? undefined : lines.at(-1);
		const joined = line(last, gap, content);
		if (last && lineWidth(joined) <= width - (lines.length === 1 ? reserved : 0)) lines[lines.length - 1] = joined;
		else lines.push(line(' ', content));
	}
	return lines;
}

function piece({label, value, room, tone, samples, max}: Vital, {history, staleSeconds, ascii}: VitalsInput, sparkWidth: number): Line {
	const course = samples && sparkline(history.vitals[samples], sparkWidth, {ascii, ...(max === undefined ? {} : {max})});
	return line(
		{text: `${label} `, tone: 'dim'},
		{text: pad(value, Math.max(room, cellWidth(value, {ascii})), 'left', {ascii}), tone: staleSeconds === undefined ? tone : 'dim'},
		course !== undefined && {text: ` ${course}`, tone: 'info'},
	);
}

function vitalsToShow({vitals, ascii}: VitalsInput): readonly Vital[] {
	const options = {ascii};
	const dash = ascii ? '-' : '–';
	const memoryShare = share(vitals.usedMemoryBytes, vitals.maxMemoryBytes);
	const clientShare = share(vitals.connectedClients, vitals.maxClients);
	const limit = vitals.maxMemoryBytes === 0 ? ' no limit' : `/${formatBytes(vitals.maxMemoryBytes, options)}`;
	return [
		{label: 'ops/s', room: 5, value: formatCountShort(vitals.opsPerSecond, options), tone: 'strong', samples: 'opsPerSecond'},
		{
			label: 'cpu',
			room: 4,
			value: vitals.cpuPercent === undefined ? dash : formatPercent(vitals.cpuPercent / 100, options),
			tone: (vitals.cpuPercent ?? 0) >= 90 ? 'warn' : 'strong',
			samples: 'cpuPercent',
			max: 100,
		},
		{
			label: 'clients',
			room: 11,
			value: `${formatCountShort(vitals.connectedClients, options)}/${formatCountShort(vitals.maxClients, options)}`,
			tone: alarm(clientShare),
			samples: 'connectedClients',
			max: vitals.maxClients,
		},
		{
			label: 'mem',
			room: 13,
			value: `${formatBytes(vitals.usedMemoryBytes, options)}${limit}${memoryShare === undefined ? '' : ` ${formatPercent(memoryShare, options)}`}`,
			tone: alarm(memoryShare),
			samples: 'usedMemoryBytes',
			max: vitals.maxMemoryBytes || undefined,
		},
		{label: 'blocked', room: 3, value: formatCount(vitals.blockedClients, options), tone: 'strong', samples: 'blockedClients'},
		{label: 'hit', room: 4, value: formatPercent(vitals.hitRate, options), tone: 'strong', samples: 'hitRate', max: 1},
		{
			label: 'evict',
			room: 5,
			value: vitals.evictedPerSecond === undefined ? dash : `${formatCountShort(vitals.evictedPerSecond, options)}/s`,
			tone: (vitals.evictedPerSecond ?? 0) > 0 ? 'warn' : 'strong',
			samples: 'evictedPerSecond',
		},
		{
			label: 'net',
			room: 13,
			value: `${formatBytes(vitals.networkInBytesPerSecond, options)}/${formatBytes(vitals.networkOutBytesPerSecond, options)}`,
			tone: 'strong',
			samples: 'networkBytesPerSecond',
		},
		{
			label: 'lag',
			room: 2,
			value: vitals.replicationLagSeconds === undefined ? dash : formatSeconds(vitals.replicationLagSeconds, options),
			tone: 'strong',
			samples: 'replicationLagSeconds',
		},
	];
}

function lastSave({vitals, nowMs, ascii}: VitalsInput, detail: 'age' | 'age and changes'): Vital {
	const {lastSaveAtSeconds, hasNotSaved, changesSinceSave} = vitals;
	const vital = (value: string): Vital => ({label: 'saved', room: detail === 'age' ? 9 : 17, value, tone: 'strong', samples: undefined});
	if (lastSaveAtSeconds === undefined) return vital(ascii ? '-' : '–');
	const age = hasNotSaved ? 'not yet' : `${formatSeconds(Math.max(0, nowMs / 1000 - lastSaveAtSeconds), {ascii})} ago`;
	return vital(detail === 'age' || !changesSinceSave ? age : `${age} (${formatCountShort(changesSinceSave, {ascii})} since)`);
}

/** For a single row: shares in place of amounts, a course only where it tells most. */
function vitalsInBrief(input: VitalsInput, width: number): readonly Vital[] {
	const {vitals, ascii} = input;
	const memoryShare = share(vitals.usedMemoryBytes, vitals.maxMemoryBytes);
	const find = (label: string) => vitalsToShow(input).filter(vital => vital.label === label);
	const memory = memoryShare === undefined ? formatBytes(vitals.usedMemoryBytes, {ascii}) : formatPercent(memoryShare, {ascii});
	return [
		...find('ops/s'),
		{label: 'mem', value: memory, room: 5, tone: alarm(memoryShare), samples: undefined},
		...find('clients').map(vital => ({...vital, room: 10, samples: undefined})),
		...find('cpu').map(vital => (width < medium ? {...vital, samples: undefined} : vital)),
		...find('blocked').map(vital => ({...vital, room: width < medium ? 1 : vital.room, samples: undefined})),
		...find('evict').map(vital => ({...vital, label: 'evict', samples: undefined})),
		...find('lag'),
	];
}

const share = (used: number | undefined, limit: number | undefined): number | undefined => (used === undefined || !limit ? undefined : used / limit);

const alarm = (ratio: number | undefined): Tone => (ratio !== undefined && ratio >= 0.8 ? (ratio >= 1 ? 'bad' : 'warn') : 'strong');
