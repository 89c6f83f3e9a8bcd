import {useConsole, useShown} from '../../hooks/use-console.ts';
import {Rows} from '../kit/rows.tsx';
import {useTheme} from '../kit/theme.tsx';
import {ownCostWords} from './own-cost-words.ts';
import {vitalLines} from './vitals.ts';

type Props = {readonly width: number; readonly rows: number};

/** The vital figures; dimmed, and with their age before them, while the server does not answer. */
export function VitalsLines({width, rows}: Props) {
	const {ascii} = useTheme();
	const vitals = useShown(snapshot => snapshot.vitals);
	const history = useShown(snapshot => snapshot.history);
	const updatedAtMs = useShown(snapshot => snapshot.info.updatedAtMs);
	const intervalMs = useConsole(state => state.session.intervalMs);
	const nowMs = useConsole(state => state.ui.frozen?.atMs ?? state.nowMs);
	// The server itself says that it runs nothing else; every other figure is from before.
	const isBusy = useShown(snapshot => snapshot.server.kind === 'BUSY');
	const costInFull = useConsole(state => ownCostWords(state, ascii)?.[0]);
	const cost = useConsole(state => ownCostWords(state, ascii)?.[1]);
	const ownCost = costInFull === undefined || cost === undefined ? [] : [costInFull, cost];
	const ageMs = updatedAtMs === undefined ? 0 : nowMs - updatedAtMs;
	const staleSeconds = ageMs > intervalMs * 2 + 1000 ? Math.floor(ageMs / 1000) : undefined;
	const shown = isBusy ? {...vitals, opsPerSecond: 0} : vitals;
	return <Rows lines={vitalLines({vitals: shown, history, nowMs, staleSeconds, ownCost, ascii}, width, rows)} width={width} />;
}
