import {useConsole, useShown} from '../../hooks/use-console.ts';
import {Rows} from '../kit/rows.tsx';
import {useTheme} from '../kit/theme.tsx';
import {vitalLines} from './vitals.ts';

type Props = {readonly width: number; readonly rows: number};

/** The vital figures; dimmed, and dated by the state badge, while the server does not answer. */
export function VitalsLines({width, rows}: Props) {
	const {ascii} = useTheme();
	const vitals = useShown(snapshot => snapshot.vitals);
	const history = useShown(snapshot => snapshot.history);
	const updatedAtMs = useShown(snapshot => snapshot.info.updatedAtMs);
	const intervalMs = useConsole(state => state.session.intervalMs);
	const nowMs = useConsole(state => state.nowMs);
	// The server itself says that it runs nothing else; every other figure is from before.
	const isBusy = useConsole(state => state.snapshot.server.kind === 'BUSY');
	const isStale = updatedAtMs !== undefined && nowMs - updatedAtMs > intervalMs * 2 + 1000;
	return <Rows lines={vitalLines({vitals: isBusy ? {...vitals, opsPerSecond: 0} : vitals, history, nowMs, isStale, ascii}, width, rows)} width={width} />;
}
