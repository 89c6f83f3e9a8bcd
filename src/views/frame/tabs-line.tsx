import {useConsole} from '../../hooks/use-console.ts';
import type {ConsoleState} from '../../store/store.ts';
import {formatSeconds} from '../../text/format.ts';
import {line, spread} from '../kit/line.ts';
import {Rows} from '../kit/rows.tsx';
import {useTheme} from '../kit/theme.tsx';

const tabs = [
	['overview', '0 All'],
	['scripts', '1 Scripts'],
	['clients', '2 Clients'],
	['memory', '3 Memory'],
	['queues', '4 Queues'],
	['ha', '5 HA'],
	['timeline', '6 Timeline'],
] as const;

/** Below this only the tab one is at has its name. */
const namedColumns = 78;
/** From here on there is room beside the tabs. */
const countsColumns = 100;

/** `findings: 1 P0  7 P1  4 P2`: OK alone says only that the server answers. */
function severityCounts({findings}: ConsoleState): string {
	const counts = (['P0', 'P1', 'P2'] as const).map(severity => [findings.filter(finding => finding.severity === severity).length, severity] as const);
	const told = counts.filter(([count]) => count > 0).map(([count, severity]) => `${count} ${severity}`);
	return told.length === 0 ? '' : `findings: ${told.join('  ')} `;
}

/** Where one is; the words are the keys. Says loudly when what is shown is not the present. */
export function TabsLine({width}: {readonly width: number}) {
	const {ascii} = useTheme();
	const view = useConsole(state => state.ui.view);
	const frozenAtMs = useConsole(state => state.ui.frozen?.atMs);
	const nowMs = useConsole(state => state.nowMs);
	const left = line(
		' ',
		...tabs.flatMap(([name, text]) => [
			{text: ` ${width >= namedColumns || name === view ? text : text[0]} `, tone: name === view ? 'strong' : 'dim', inverse: name === view} as const,
			' ',
		]),
	);
	const counts = useConsole(severityCounts);
	const right =
		frozenAtMs === undefined
			? {text: width >= countsColumns ? counts : '', tone: 'dim' as const}
			: {
					text: `FROZEN ${formatSeconds(Math.floor((nowMs - frozenAtMs) / 1000), {ascii})} ago, Space goes on `,
					tone: 'warn' as const,
				};
	return <Rows lines={[spread(left, line(right), width, {ascii})]} width={width} />;
}
