import {useConsole} from '../../hooks/use-console.ts';
import type {Playback} from '../../store/playback.ts';
import type {ServerState} from '../../store/server-state.ts';
import type {ConsoleState} from '../../store/store.ts';
import {formatSeconds, formatStopwatch} from '../../text/format.ts';
import {glyphsFor} from '../../text/glyphs.ts';
import {type Line, line, type Span, spread} from '../kit/line.ts';
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
	const playback = useConsole(state => state.playback);
	const right = playback
		? playbackLine(playback, ascii)
		: frozenAtMs === undefined
			? calm(width >= countsColumns ? counts : '')
			: frozen(nowMs - frozenAtMs, ascii);
	return <Rows lines={[spread(left, line(right), width, {ascii})]} width={width} />;
}

const calm = (text: string): Span => ({text, tone: 'dim'});

const frozen = (agoMs: number, ascii: boolean): Span => ({
	text: `FROZEN ${formatSeconds(Math.floor(agoMs / 1000), {ascii})} ago, Space goes on `,
	tone: 'warn',
});

/** How far from now, and how it is now; of a file, where in it. */
function playbackLine({kind, fromMs, toMs, atMs, isPlaying, speed, present, watchedAtMs}: Playback, ascii: boolean): Line {
	const {play, pause} = glyphsFor(ascii);
	const sign = isPlaying ? `${play}${speed === 1 ? '' : ` ${speed}x`}` : pause;
	if (kind === 'replay') {
		const [done, whole] = [atMs - fromMs, toMs - fromMs].map(ms => formatSeconds(Math.floor(ms / 1000), {ascii}));
		return line({text: ` ${sign} ${done} of ${whole} `, tone: 'warn', inverse: true});
	}
	const agoMs = watchedAtMs - atMs;
	const now = present ? `, now ${stateWords(present, watchedAtMs)}` : '';
	return line({text: ` ${sign} ${formatSeconds(Math.floor(agoMs / 1000), {ascii})} AGO${now}: Esc `, tone: 'warn', inverse: true});
}

const stateWords = ({kind, sinceMs, begunAfterMs}: ServerState, nowMs: number): string =>
	kind === 'BUSY' || kind === 'SILENT' ? `${kind} ${formatStopwatch(nowMs - (begunAfterMs ?? sinceMs))}` : kind;
