import {formatSeconds, plural} from '../../text/format.ts';
import type {IncidentReport, TimelineRow} from './incident-report.ts';
import {actionSection} from './markdown-actions.ts';
import {code, momentOf, plain, table} from './markdown-text.ts';
import {vitalSection} from './markdown-vitals.ts';

/** The report as a document: GitHub's Markdown, which reads well as plain text too. */
export function reportMarkdown(report: IncidentReport): string {
	const sections = [
		head(report),
		report.summary.map(plain),
		impactSection(report),
		timelineSection(report),
		vitalSection(report),
		actionSection(report),
		lossSection(report),
		recoverySection(report),
		followUpSection(report),
		gapSection(report),
		communicationSection(report),
		foot(report),
	];
	return `${sections.map(lines => lines.join('\n')).join('\n\n')}\n`;
}

const statusWords: Readonly<Record<IncidentReport['status'], string>> = {
	none: 'no incident: no P0 or P1 was seen',
	ongoing: 'ongoing',
	monitoring: 'monitoring: nothing of P0 or P1 stands any more, for less than five minutes',
	over: 'over',
};
const severityWords = {P0: 'P0: the service stopped', P1: 'P1: the service was degraded', P2: 'P2: at risk'} as const;

/** `2026-11-20 14:03:22Z`. */
const fullMoment = (at: string): string => `${at.slice(0, 10)} ${at.slice(11, 19)}Z`;

const length = (seconds: number): string => formatSeconds(seconds < 1 ? Math.round(seconds * 10) / 10 : Math.floor(seconds));

function head(report: IncidentReport): readonly string[] {
	const {target, status, start, recording} = report;
	const where = target.name === target.address ? target.name : `${target.name} (${target.address})`;
	const what = [target.product, target.version, target.role, target.environment].filter(word => word !== null).join(' ');
	const rows: readonly (readonly [string, string])[] = [
		['Status', statusWords[status]],
		...courseRows(report),
		['Server', `${plain(where)}${what === '' ? '' : `, ${plain(what)}`}`],
		['Recorded', `${fullMoment(recording.from)} to ${fullMoment(recording.to)}`],
	];
	const title = `# ${status === 'none' ? 'Record' : 'Incident report'}: ${plain(target.name)}, ${(start ?? recording.from).slice(0, 10)}`;
	return [title, '', ...table(['', ''], rows), '', '## Summary'];
}

function courseRows(report: IncidentReport): readonly (readonly [string, string])[] {
	const {severity, start, startKnown, end, durationSeconds, recording, stretches} = report;
	if (start === null || severity === null) return [];
	const moment = momentOf(report);
	const several = stretches.map(({from, to}) => `${moment(from)} to ${to === null ? 'the end of the record' : moment(to)}`);
	return [
		['Severity', severityWords[severity]],
		['Start', `${fullMoment(start)}${startKnown ? '' : ', or before: it stood at the first look'}`],
		['End', end === null ? `not by ${fullMoment(recording.to)}, when the record ends` : fullMoment(end)],
		['Duration', `${length(durationSeconds ?? 0)}${end === null ? ' so far' : ''}`],
		...(several.length > 1 ? [['Stretches', several.join(', ')] as const] : []),
	];
}

function impactSection(report: IncidentReport): readonly string[] {
	const {components, configured, affected} = report.impact;
	if (report.status === 'none') return ['## Impact', '', 'None was seen.'];
	const moment = momentOf(report);
	const rows = components.map(({name, impact, severity, from, to, seconds, findings}) => [
		plain(name),
		impact === null ? '–' : plain(impact),
		severity,
		`${moment(from)} to ${to === null ? 'the end of the record' : moment(to)}`,
		length(seconds),
		findings.map(each => `${code(each.id)} ${length(each.seconds)}`).join(', '),
	]);
	const none =
		configured === 0 ? 'The config file of the console names no components.' : `None of the ${plural(configured, 'component')} of the config file was touched.`;
	return [
		'## Impact',
		'',
		...(rows.length === 0 ? [none] : table(['Component', 'What users notice', 'Worst', 'From, to', 'In all', 'Findings'], rows)),
		...(affected.length === 0 ? [] : ['', `Affected, as the findings say: ${affected.map(plain).join(', ')}.`]),
		'',
		'### Findings',
		'',
		...findingTable(report),
	];
}

function findingTable(report: IncidentReport): readonly string[] {
	const moment = momentOf(report);
	const rows = report.findings
		.filter(({severity}) => severity !== 'P2')
		.map(({id, severity, title, evidence, from, startKnown, to, seconds, returns}) => [
			severity,
			code(id),
			`${startKnown ? '' : 'before '}${moment(from)}`,
			to === null ? 'stands' : moment(to),
			`${length(seconds)}${returns === 0 ? '' : `, back ${plural(returns, 'time')} in between`}`,
			`${plain(title)}${evidence === '' ? '' : `: ${plain(evidence)}`}`,
		]);
	const risks = new Set(report.findings.filter(({severity}) => severity === 'P2').map(({id}) => id)).size;
	return [
		...table(['Severity', 'Finding', 'From', 'To', 'Stood', 'As it was last seen'], rows),
		...(risks === 0 ? [] : ['', `Beside these ${plural(risks, 'finding')} of P2 (at risk): those that stood at the end are among the follow-ups.`]),
	];
}

function timelineSection(report: IncidentReport): readonly string[] {
	const moment = momentOf(report);
	const {timelineLeftOut: leftOut} = report;
	const rows = report.timeline.map(row => [moment(row.at), kindText(row), row.who === null ? '' : plain(row.who), whatText(row, moment)]);
	return [
		'## Timeline',
		'',
		...(rows.length === 0 ? ['Nothing happened that the console writes down.'] : ['Times are UTC.', '', ...table(['Time', 'What', 'Who', ''], rows)]),
		...(leftOut === 0
			? []
			: ['', `${plural(leftOut, 'event')} of little weight ${leftOut === 1 ? 'is' : 'are'} left out (P2, connections); the recording has all of them.`]),
	];
}

const kindText = ({kind, severity}: TimelineRow): string => (severity === null ? kind : `${kind} ${severity}`);

function whatText({text, detail, times, lastAt, kind}: TimelineRow, moment: (at: string) => string): string {
	// The console says it itself of what comes back within seconds.
	const isTold = times === 1 || / back (?:once|\d+ times), /.test(text);
	const often = isTold || lastAt === null ? '' : `; ${times} times, the last time at ${moment(lastAt)}`;
	const shown = kind === 'note' ? `“${plain(text)}”` : plain(text);
	return `${shown}${detail === null ? '' : `: ${plain(detail)}`}${often}`;
}

function lossSection({dataLoss: {seen, notSeen}}: IncidentReport): readonly string[] {
	return [
		'## Data loss',
		'',
		...(seen.length === 0 ? ['Nothing that was seen says that data were lost.'] : seen.map(text => `- ${plain(text)}`)),
		'',
		'What could not be seen:',
		'',
		...notSeen.map(text => `- ${plain(text)}`),
	];
}

function recoverySection(report: IncidentReport): readonly string[] {
	const moment = momentOf(report);
	if (report.recovery.length === 0) return ['## Recovery verification', '', 'Nobody asked for the list of signs that it is over (`V`).'];
	const lists = report.recovery.map(({at, by, summary, items}) => [
		by === null ? `As it stood at ${moment(at)}, noted by nobody: ${plain(summary)}.` : `At ${moment(at)}, noted by ${plain(by)}: ${plain(summary)}.`,
		'',
		...items.map(({ok, text}) => `- ${ok === null ? '?' : ok ? '✓' : '✗'} ${plain(text)}`),
	]);
	return ['## Recovery verification', ...lists.flatMap(lines => ['', ...lines])];
}

function followUpSection({followUps}: IncidentReport): readonly string[] {
	if (followUps.length === 0) return ['## Follow-ups', '', 'None that the record knows of.'];
	return ['## Follow-ups', '', ...followUps.flatMap(({text, how}) => [`- [ ] ${plain(text)}`, ...how.map(step => `  - ${plain(step)}`)])];
}

const gapSection = ({gaps}: IncidentReport): readonly string[] => [
	'## Gaps in this record',
	'',
	...(gaps.length === 0 ? ['None that is known.'] : gaps.map(gap => `- ${plain(gap)}`)),
];

const communicationSection = ({communication}: IncidentReport): readonly string[] => [
	'## Text for a status page',
	'',
	'To be read before it is published: it says only what was seen from here, and nothing of the cause.',
	'',
	...communication.flatMap((paragraph, index) => [...(index === 0 ? [] : ['>']), `> ${plain(paragraph)}`]),
];

const foot = ({recording, program}: IncidentReport): readonly string[] => [
	'---',
	'',
	`Written by ${plain(program)} from the recording ${code(recording.file)}. Quoted texts and names are those of others.`,
];
