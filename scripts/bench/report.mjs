import {cpus, release} from 'node:os';
import {heapGrowth, warmUpHours} from './targets.mjs';

const heads = ['start ms', 'bytes/s', 'flashing cells/s', 'erasures', 'key ms, min / median / p95', 'CPU %', 'RSS MiB', 'server % of a core'];

function machine() {
	return `${cpus().length} × ${cpus()[0]?.model.trim()}, Linux ${release()}, Node ${process.version}, ${new Date().toISOString().slice(0, 10)}`;
}

function table(head, rows) {
	const line = cells => `| ${cells.join(' | ')} |`;
	return [line(head), line(head.map((_, index) => (index === 0 ? '---' : '---:'))), ...rows.map(line)].join('\n');
}

/** Rows of `{name, start, figures}`; of one that could not be measured `{name, why}`. */
function programsTable(what, rows) {
	return table(
		[what, ...heads],
		rows.map(({name, why, start, figures}) => (why ? [name, why, ...heads.slice(1).map(() => '')] : [name, rounded(start), ...cells(figures)])),
	);
}

function cells(figures) {
	if (!figures) return heads.slice(1).map(() => '–');
	const {bytesPerSecond, flashedPerSecond, wipes, key, cpuPercent, rssMib, serverPercent} = figures;
	const keys = key ? [key.min, key.median, key.p95].map(rounded).join(' / ') : '–';
	const cost = serverPercent === undefined ? '–' : serverPercent.toFixed(3);
	return [rounded(bytesPerSecond), rounded(flashedPerSecond), wipes, keys, rounded(cpuPercent), rounded(rssMib), cost];
}

/** Ours as a multiple of each of the others that were measured. */
function ratios(ours, others) {
	const rows = others
		.filter(({figures}) => figures)
		.map(({name, start, figures}) => {
			const of = name => ratio(ours.figures[name], figures[name]);
			return [
				`ours / ${name}`,
				ratio(ours.start, start),
				of('bytesPerSecond'),
				ratio(ours.figures.key?.median, figures.key?.median),
				ratio(ours.figures.key?.p95, figures.key?.p95),
				of('cpuPercent'),
				of('rssMib'),
			];
		});
	return table(['', 'start', 'bytes/s', 'key, median', 'key, p95', 'CPU', 'RSS'], rows);
}

const ratio = (a, b) => (a === undefined || !b ? '–' : (a / b).toFixed(2));

const rounded = value => {
	if (value === undefined) return '–';
	if (Number.isInteger(value) && value < 1000) return String(value);
	if (value < 0.1) return value.toFixed(3);
	return value < 100 ? value.toFixed(1) : Math.round(value).toLocaleString('en');
};

function targetsTable(rows) {
	const withUnit = (value, unit) => (value === undefined ? 'not measured' : unit === '' ? rounded(value) : `${rounded(value)} ${unit}`);
	return table(
		['target', 'at most', 'measured', ''],
		rows.map(({name, most, unit, figure, isKept}) => [name, withUnit(most, unit), withUnit(figure, unit), isKept ? 'kept' : 'MISSED']),
	);
}

function hoursTable(hours) {
	const mib = bytes => (bytes / 1024 ** 2).toFixed(1);
	const rows = hours.map(({hour, polls, frames, heapBytes, rssBytes}) => [hour, polls, frames, mib(heapBytes), mib(rssBytes)]);
	const growth = heapGrowth(hours);
	return [
		table(['hour', 'polls so far', 'frames so far', 'heap MiB', 'RSS MiB'], rows),
		...(growth === undefined
			? []
			: [
					'',
					`After the first ${warmUpHours} hours (as many frames as a console draws in half an hour; its history and Ink's caches are full then) the heap grows by ${growth.toFixed(1)} % at most.`,
				]),
	].join('\n');
}

/** The whole report. What stands between the summary's marks is what the README shows. */
export function asMarkdown({measured, plan, verdicts, command}) {
	const missed = verdicts.filter(({isKept}) => !isKept).length;
	const sections = [
		`\`${command}\`: ${machine()}`,
		...(measured.tables ?? []).map(each => peersSection(each, measured, plan)),
		measured.nodes && nodesSection(measured.nodes, plan),
		measured.scene && sceneSection(measured),
		measured.crowds?.length > 0 && crowdsSection(measured),
		patienceSection(measured),
		measured.hours && `#### Eight hours\n\n${hoursText(measured)}\n\n${hoursTable(measured.hours)}`,
		`#### Promises\n\n${verdicts.length - missed} kept, ${missed} missed.\n\n${targetsTable(verdicts)}`,
	];
	return sections.filter(Boolean).join('\n\n');
}

const sized = ({columns, rows}) => `${columns}x${rows}`;

function peersSection({size, rows}, {clients, versions}, {rounds, windowSeconds, keyCount}) {
	const [ours, ...others] = rows;
	const said = `Starts: medians of ${rounds} (a third of that at other sizes), one of each in turn. Then ${windowSeconds} s left alone at an interval of 1 s, then ${keyCount} keys. redis-triage and redis-cli look at a server with the traffic of the demo before anything goes wrong (${clients} connections). ${versions.join('; ')}.`;
	const isFirst = size.columns === 120;
	const all = programsTable(`${sized(size)}, 1 s`, rows);
	const marked = isFirst ? `<!-- summary -->\n\n${machine()}, \`npm run bench\`:\n\n${all}\n\n<!-- /summary -->` : all;
	return [`#### Beside others, ${sized(size)}`, isFirst && said, marked, ours.figures && ratios(ours, others)].filter(Boolean).join('\n\n');
}

function nodesSection(nodes, {rounds}) {
	const said = `From the start to the first full paint with live data, the same server; each Node beside itself with nothing to do. Medians of ${rounds}, one of each in turn.`;
	const rows = nodes.map(({version, why, start}) => [version, ...(why ? [why, '', ''] : [start.floor, start.ours, start.ours - start.floor].map(rounded))]);
	return `#### Starts on each Node\n\n${said}\n\n${table(['Node', 'floor, ms', 'redis-triage, ms', 'beyond the floor, ms'], rows)}`;
}

function sceneSection({scene, still}) {
	const rows = [{name: 'Ink through our stage', figures: scene}];
	const said = 'The 40x8 scene of the plain Ink app, drawn by Ink through the stage of this program (`src/terminal`).';
	return `#### The same scene through our stage\n\n${said} The same frame ${still.frames} times: ${still.bytes} bytes after the first.\n\n${programsTable('120x40, 1 s', rows)}`;
}

function crowdsSection({crowds}) {
	const rows = crowds.map(({clients, size, start, figures}) => ({name: `${clients.toLocaleString('en')} clients, ${sized(size)}`, start, figures}));
	return `#### Crowded servers\n\nredis-triage at a server with 200 BullMQ queues and so many idle clients.\n\n${programsTable('', rows)}`;
}

function patienceSection({held, crowd, huge}) {
	const row = (what, {min, median, p95, max}) => [what, ...[min, median, p95, max].map(rounded)];
	const rows = [
		held && row(`\`j\` held down, ${held.count} presses at 30 a second, 1,000 clients`, held.key),
		crowd && row(`scrolling among ${crowd.clients.toLocaleString('en')} clients`, crowd.scroll),
		crowd && row(`filtering among ${crowd.clients.toLocaleString('en')} clients`, crowd.filter),
	].filter(Boolean);
	const said = [
		rows.length > 0 && table(['a key to the first changed cell, ms', 'min', 'median', 'p95', 'longest'], rows),
		held && `Held down: one gap after the last press the screen was ${held.behind} rows behind; presses lost: ${held.lost}.`,
		huge && hugeText(huge),
	].filter(Boolean);
	return said.length > 0 && ['#### Keys', ...said].join('\n\n');
}

const hugeText = ({clients, starts, bytes, receivedMs, receiving, scrolling}) =>
	`A CLIENT LIST of ${clients.toLocaleString('en')} clients (${(bytes / 1e6).toFixed(0)} MB, received in ${rounded(receivedMs)} ms at most, ${starts} starts): the longest that a key waited was ${rounded(receiving)} ms while it came and was read, ${rounded(scrolling)} ms while scrolling in it.`;

const hoursText = ({lookedAt: {clients, queues}}) =>
	`A console at a made-up server with ${clients} clients and ${queues} queues, a poll and a frame every 5 s of its own clock, pane after pane, recording on. Heap with all garbage taken out.`;
