import {useConsole} from '../../hooks/use-console.ts';
import type {Finding, Severity} from '../../store/finding.ts';
import type {ActionStatus} from '../../store/store.ts';
import {type Line, line, spread, type Tone} from '../kit/line.ts';
import {Rows} from '../kit/rows.tsx';
import {useTheme} from '../kit/theme.tsx';
import {stateAdvice} from './state-advice.ts';

type Props = {readonly width: number};

export const severityTone: Record<Severity, Tone> = {P0: 'bad', P1: 'warn', P2: 'info'};

/** The finding one stands at, in one line: how bad, what, the figures, the key that fixes it, and how many more there are. */
export function FindingsStrip({width}: Props) {
	const {ascii} = useTheme();
	const findings = useConsole(state => state.findings);
	const index = useConsole(state => state.ui.findingIndex);
	const server = useConsole(state => state.snapshot.server);
	const actions = useConsole(state => state.actions);
	// A PONG alone tells that it lives, not that nothing is wrong.
	const isJudged = useConsole(({snapshot: {info}}) => info.data !== undefined || info.refused !== undefined || info.failures > 0);
	const finding = findings[Math.min(index, findings.length - 1)];
	const advice = server.kind === 'OK' && !isJudged ? 'Reading …' : stateAdvice(server);
	if (!finding) return <Rows lines={[line(' ', {text: advice, tone: server.kind === 'OK' ? 'dim' : 'warn'})]} width={width} />;
	return <Rows lines={[findingLine(finding, findings.length - 1, actions, width, ascii)]} width={width} />;
}

function findingLine(finding: Finding, more: number, actions: readonly ActionStatus[], width: number, ascii: boolean): Line {
	const remedy = actions.find(({id}) => id === finding.remedies[0]);
	const hint = line(
		{text: 'F ', tone: 'key'},
		remedy ? `${remedy.title.toLowerCase()}` : 'what to do',
		more > 0 && line(`   +${more} more `, {text: 'f', tone: 'key'}),
		' ',
	);
	const left = line(
		' ',
		{text: finding.severity, tone: severityTone[finding.severity], inverse: true},
		' ',
		{text: finding.title, tone: 'strong'},
		finding.evidence !== '' && `: ${finding.evidence}`,
	);
	return spread(left, hint, width, {ascii});
}
