import {useConsole} from '../../hooks/use-console.ts';
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

/** Where one is; the words are the keys. Says loudly when what is shown is not the present. */
export function TabsLine({width}: {readonly width: number}) {
	const {ascii} = useTheme();
	const view = useConsole(state => state.ui.view);
	const frozenAtMs = useConsole(state => state.ui.frozen?.atMs);
	const nowMs = useConsole(state => state.nowMs);
	const left = line(
		' ',
		...tabs.flatMap(([name, text]) => [{text: ` ${text} `, tone: name === view ? 'strong' : 'dim', inverse: name === view} as const, ' ']),
	);
	const right = frozenAtMs !== undefined && {
		text: `FROZEN ${formatSeconds(Math.floor((nowMs - frozenAtMs) / 1000), {ascii})} ago, Space goes on `,
		tone: 'warn' as const,
	};
	return <Rows lines={[spread(left, line(right), width, {ascii})]} width={width} />;
}
