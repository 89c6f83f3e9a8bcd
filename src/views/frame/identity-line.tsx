import {useConsole} from '../../hooks/use-console.ts';
import type {ServerInfo} from '../../redis/parse/server-info.ts';
import {type OtherConsole, otherConsoles} from '../../store/other-consoles.ts';
import {kindOfServer} from '../../store/pointed-server.ts';
import {answersReads, type ServerState} from '../../store/server-state.ts';
import type {Identity} from '../../store/snapshot.ts';
import type {Session} from '../../store/store.ts';
import {formatClock, formatSeconds, formatStopwatch, plural} from '../../text/format.ts';
import {type Line, line, lineWidth, type Span, spread} from '../kit/line.ts';
import {Rows} from '../kit/rows.tsx';
import {useTheme} from '../kit/theme.tsx';

type Props = {readonly width: number};

/** Which server this is, how it is, what this console may do, and when. One row at every size; what matters least goes first. */
export function IdentityLine({width}: Props) {
	const {ascii} = useTheme();
	const nowMs = useConsole(state => state.nowMs);
	const session = useConsole(state => state.session);
	const server = useConsole(state => state.snapshot.server);
	const identity = useConsole(state => state.snapshot.identity);
	const info = useConsole(state => state.snapshot.info.data);
	const database = useConsole(state => state.snapshot.database);
	const isBlind = useConsole(state => state.snapshot.info.refused !== undefined);
	const isHurt = useConsole(state => state.findings.some(({severity}) => severity !== 'P2'));
	const others = useConsole(otherConsoles);
	const isFrozen = useConsole(state => state.ui.frozen !== undefined);
	const playback = useConsole(state => state.playback?.kind);
	const kind = useConsole(state => kindOfServer(state, state.session.target.address));

	const date = playback === 'replay' && width >= wideColumns ? `${new Date(nowMs).toISOString().slice(0, 10)} ` : '';
	const clock = {text: date + formatClock(nowMs, {ascii}), tone: playback ? 'strong' : 'dim'} as const;
	const right = line(
		badge(server, isBlind, isHurt, nowMs),
		'  ',
		playback ? {text: playbackWords[playback], tone: 'warn', inverse: true} : mode(session, isFrozen),
		'  ',
		clock,
	);
	const more = details({
		session,
		server,
		identity,
		info,
		others,
		databaseError: database.error,
		isNarrow: width < wideColumns,
		ascii,
	});
	const left = asManyAsFit([...names(session, kind), environment(session)], more, width - lineWidth(right) - 2);
	return <Rows lines={[spread(left, right, width, {ascii})]} width={width} />;
}

/** Nobody must take it for the present. */
const playbackWords = {replay: ' REPLAY ', past: ' PAST '} as const;
/** From here on there is room for the day of a recording, and for who else is there. */
const wideColumns = 100;

/** Away from home the home is said too: ` node 10.0.0.3:6379 of prod-cluster`. */
const names = ({target, home}: Session, kind: string): Line =>
	home
		? [{text: ` ${kind === 'server' ? 'at' : kind} `}, {text: target.name, tone: 'strong'}, {text: ` of ${home.name}`, tone: 'warn'}]
		: [{text: ` ${target.name}`, tone: 'strong'}];

type Known = {
	readonly session: Session;
	readonly server: ServerState;
	readonly identity: Identity;
	readonly info: ServerInfo | undefined;
	readonly others: readonly OtherConsole[];
	readonly databaseError: string | undefined;
	readonly isNarrow: boolean;
	readonly ascii: boolean;
};

/** What stands between name and badge, what matters most first. Of several words for one thing the first that fits is said. */
function details({session, server, identity, info, others, databaseError, isNarrow, ascii}: Known): readonly (string | readonly string[] | undefined)[] {
	const {target} = session;
	const product = identity.product && `${identity.product} ${identity.version ?? ''}`.trimEnd();
	// Uptime that does not go on counting would look like a figure of now.
	const uptimeSeconds = answersReads(server) ? info?.uptimeSeconds : undefined;
	return [
		target.name === target.address ? undefined : target.address,
		// Where not both fit, what it is for those who write to it comes before what it is made of.
		isNarrow ? undefined : product,
		identity.role && [identity.role + replicaWords(info?.connectedReplicas ?? 0), identity.role],
		isNarrow ? product : undefined,
		databaseWords(target.db, databaseError),
		othersWords(others, isNarrow),
		uptimeSeconds === undefined ? undefined : `up ${formatSeconds(uptimeSeconds, {ascii})}`,
		`every ${session.intervalMs / 1000}s`,
	];
}

const replicaWords = (count: number): string => (count === 0 ? '' : ` +${plural(count, 'replica')}`);

/** Who else looks at it now: they can act on it too. */
function othersWords(others: readonly OtherConsole[], isNarrow: boolean): string | undefined {
	const [first] = others;
	if (!first) return undefined;
	const count = others.length === 1 ? '1 other' : `${others.length} others`;
	if (isNarrow) return `${count} here`;
	const who = [...new Set(others.map(other => other.who))];
	return `${count}: ${who.slice(0, shownOthers).join(', ')}${who.length > shownOthers ? ' …' : ''}`;
}

const shownOthers = 2;

const databaseWords = (db: number, error: string | undefined): string | undefined =>
	db === 0 ? undefined : `db ${db}${error === undefined ? '' : ' REFUSED'}`;

const environment = ({target}: Session): Span => ({
	text: target.environment === undefined ? '' : ` ${target.environment.toUpperCase()}`,
	tone: target.environment === 'production' ? 'bad' : 'info',
});

/** The state as a word: colour only repeats it. */
function badge({kind, sinceMs, begunAfterMs, loadedPercent}: ServerState, isBlind: boolean, isHurt: boolean, nowMs: number): Span {
	switch (kind) {
		case 'OK':
			// It answers; whether all is well only INFO could tell.
			if (isBlind) return {text: ' NOPERM ', tone: 'warn', inverse: true};
			// Green is for a server that is well, not for one that merely answers.
			return {text: ' OK ', tone: isHurt ? 'plain' : 'good', inverse: true};
		case 'CONNECTING':
			return {text: ' CONNECTING ', tone: 'info', inverse: true};
		case 'SILENT':
			return {text: ` SILENT ${formatStopwatch(nowMs - sinceMs)} `, tone: 'bad', inverse: true};
		case 'BUSY':
			return {text: ` BUSY ${formatStopwatch(nowMs - (begunAfterMs ?? sinceMs))}${begunAfterMs === undefined ? '+' : ''} `, tone: 'bad', inverse: true};
		case 'LOADING':
			return {text: ` LOADING ${loadedPercent === undefined ? '' : `${Math.floor(loadedPercent)}% `}`, tone: 'warn', inverse: true};
		case 'READONLY':
			return {text: ' READONLY ', tone: 'info', inverse: true};
		default:
			return {text: ` ${kind} `, tone: 'bad', inverse: true};
	}
}

/** GUARDED only once the connection that acts is there: until then nothing can be done from here. */
function mode({acting, isAudited = true, recording}: Session, isFrozen: boolean): Line {
	const word = acting === 'none' ? 'READ-ONLY' : acting === 'open' ? 'GUARDED' : 'OPENING';
	return line(
		{text: word, tone: acting === 'opening' ? 'warn' : 'info'},
		!isAudited && {text: ' NO AUDIT', tone: 'warn'},
		recording && {text: recording === 'none' ? ' NO REC' : ' REDACTED', tone: 'warn'},
		isFrozen && {text: '  FROZEN', tone: 'warn'},
	);
}

/** What does not fit is left out, and what matters less may still find its place. */
function asManyAsFit(always: Line, more: readonly (string | readonly string[] | undefined)[], width: number): Line {
	let result = always;
	for (const words of more) {
		const choices = typeof words === 'string' ? [words] : (words ?? []);
		const fitting = choices.filter(text => text !== '').map(text => line(result, '  ', text));
		result = fitting.find(next => lineWidth(next) <= width) ?? result;
	}
	return result;
}
