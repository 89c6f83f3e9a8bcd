import {useConsole} from '../../hooks/use-console.ts';
import type {Finding} from '../../store/finding.ts';
import {shownFindingIndex} from '../../store/remedies.ts';
import type {Snapshot} from '../../store/snapshot.ts';
import type {ActionStatus} from '../../store/store.ts';
import {fit, type Line, line, lineWidth, mergeSpans, spread} from '../kit/line.ts';
import {Rows} from '../kit/rows.tsx';
import {useTheme} from '../kit/theme.tsx';
import {severityTone} from './severity-tone.ts';
import {stateAdvice} from './state-advice.ts';

type Props = {readonly width: number};

/** The finding one stands at, in one line: how bad, what, the figures, the key that fixes it, and which of how many it is. */
export function FindingsStrip({width}: Props) {
	const {ascii} = useTheme();
	const findings = useConsole(state => state.findings);
	const at = useConsole(shownFindingIndex);
	const snapshot = useConsole(state => state.snapshot);
	const actions = useConsole(state => state.actions);
	const finding = findings[at];
	const content = finding ? findingLine(finding, {at, count: findings.length}, actions, width, ascii) : calmLine(snapshot);
	return <Rows lines={[content]} width={width} />;
}

function calmLine(snapshot: Snapshot): Line {
	// A PONG alone tells that it lives, not that nothing is wrong.
	const {data, refused, failures} = snapshot.info;
	if (snapshot.server.kind === 'OK' && data === undefined && !refused && failures === 0) return line(' ', {text: 'Reading …', tone: 'dim'});
	const gaps = blindSpots(snapshot);
	const isCalm = snapshot.server.kind === 'OK' && gaps.length === 0;
	return line(' ', {text: stateAdvice(snapshot.server, gaps), tone: isCalm ? 'dim' : 'warn'});
}

/** What the server keeps from this user, or from this database number. */
function blindSpots({info, clients, slowlog, database}: Snapshot): readonly string[] {
	const refusals = [info, clients, slowlog].flatMap(({refused}) => refused?.command ?? []);
	return database.error === undefined ? refusals : [...refusals, `SELECT (${database.error})`];
}

/** A name cut shorter than this says nothing. */
const leastNameCells = 12;

type Place = {readonly at: number; readonly count: number};

function findingLine(finding: Finding, {at, count}: Place, actions: readonly ActionStatus[], width: number, ascii: boolean): Line {
	const place: Line = count > 1 ? line(`  ${at + 1} of ${count} `, {text: 'f', tone: 'key'}, ' ') : [];
	const wayOut = wayOutOf(finding, actions);
	const head = line(' ', {text: finding.severity, tone: severityTone[finding.severity], inverse: true}, ' ', {text: finding.title, tone: 'strong'});
	const evidence = finding.evidence === '' ? '' : `: ${finding.evidence}`;
	const hint = line({text: 'F ', tone: 'key'}, `${wayOut} `, place);
	const headCells = lineWidth(head, {ascii});
	if (headCells + lineWidth(hint, {ascii}) < width) return spread(line(head, evidence), hint, width, {ascii});
	// Where the title would be cut, it says more than the words behind the key, of which what fits is shown.
	const brief = count > 1 ? line(` ${at + 1}/${count} `, {text: 'f', tone: 'key'}, ' ') : [];
	const room = width - headCells - lineWidth(brief, {ascii}) - 'F  …'.length;
	const name = room < leastNameCells ? [] : mergeSpans(fit(line(wayOut), Math.min(room, wayOut.length), {ascii}));
	return spread(line(head, evidence), line({text: 'F ', tone: 'key'}, name, brief), width, {ascii});
}

/** What `F` leads to. A silence may be no script at all: its page weighs that, and the strip must not call for a kill; least of all for what destroys. */
function wayOutOf({id, remedies}: Finding, actions: readonly ActionStatus[]): string {
	const remedy = id === 'server.silent' ? undefined : actions.find(status => status.id === remedies[0]);
	return remedy && remedy.danger !== 'destructive' ? remedy.title.toLowerCase() : 'what to do';
}
