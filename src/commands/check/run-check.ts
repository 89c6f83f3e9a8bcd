import {registryOf} from '../../actions/registry.ts';
import {systemClock} from '../../clock.ts';
import type {Config} from '../../config/config.ts';
import {judgedIds} from '../../diagnosis/diagnose.ts';
import {operatorName, stateFolder} from '../../incident/operator.ts';
import type {ConsoleState, ConsoleStore} from '../../store/store.ts';
import {keepFleet} from '../console/keep-fleet.ts';
import {openSession, raiseLater} from '../console/session.ts';
import type {ResolvedTarget} from '../flag-target.ts';
import type {Environment} from '../flags.ts';
import {toJson} from './json.ts';
import {type Looked, look} from './look.ts';
import {toPrometheus} from './prometheus.ts';
import {exitCode, type Report, toReport} from './report.ts';
import {toText} from './text.ts';

type Seat = {readonly env: Environment; readonly userName: string; readonly hostName: string; readonly homeFolder: string};

type CheckFormat = 'text' | 'json' | 'prometheus';

type Options = {
	readonly target: ResolvedTarget;
	readonly config: Pick<Config, 'thresholds' | 'components' | 'queues'>;
	readonly format: CheckFormat;
	/** For the text. */
	readonly colour: boolean;
	readonly seat: Seat;
};

/** Rates come from two looks so far apart. */
const intervalMs = 1000;
/** Some 270,000 keys, as SCAN takes a microsecond and a half for a key at worst; once a minute that is 0.7 % of a core, measured half of it. Larger keyspaces are told in part. */
const searchAtOnceMs = 400;

/** One look at a server by the same code as the console's, without a connection that could write. Ends within ten seconds, whatever the server does. */
export async function runCheck({target, config, format, colour, seat}: Options): Promise<{readonly text: string; readonly code: 0 | 1 | 2 | 3}> {
	const {env, userName, hostName, homeFolder} = seat;
	const label = `${userName}@${hostName}`;
	const stop = new AbortController();
	const session = openSession({
		target,
		sentinel: target.sentinel,
		clock: systemClock,
		// Its own cost is over with the look, and so is no risk for anybody.
		config: {...config, thresholds: {...config.thresholds, observerCostRatio: Number.POSITIVE_INFINITY}},
		isReadOnly: true,
		intervalMs,
		searchAtOnceMs,
		label,
		operator: operatorName(env, userName),
		host: hostName,
		auditFile: `${stateFolder(env, homeFolder)}/audit.jsonl`,
	});
	const looked = await look(session.store, systemClock, watchNodes(session.store, {target, config, label}, stop.signal));
	stop.abort();
	session.close();
	const report = toReport(looked, session.auditTarget);
	return {text: printed[format](report, looked, colour), code: exitCode(report)};
}

const printed: Readonly<Record<CheckFormat, (report: Report, looked: Looked, colour: boolean) => string>> = {
	json: toJson,
	prometheus: (report, {state, course, endedAtMs}) =>
		toPrometheus(report, {target: state.session.target, judged: judgedIds(state), tookMs: endedAtMs - course.startedAtMs}),
	text(report, {state}, colour) {
		// The commands that would allow it have a section of their own, where they can be copied.
		const stepsOf = (findingId: string) => (findingId === 'access.limited' && report.access.grants.length > 0 ? [] : stepsIn(findingId));
		const stepsIn = (findingId: string) => state.findings.find(({id}) => id === findingId)?.steps ?? [];
		const registry = registryOf();
		return toText(report, {colour, stepsOf, hasAction: actionId => registry.byId(actionId) !== undefined});
	},
};

/** The other nodes of a cluster, where they are asked for. Returns whether each of them has been looked at, and that been judged. */
function watchNodes(
	store: ConsoleStore,
	{target, config, label}: Pick<Options, 'target' | 'config'> & {readonly label: string},
	signal: AbortSignal,
): (state: ConsoleState) => boolean {
	if (!target.isCluster) return () => true;
	keepFleet({store, home: () => target, isCluster: true, searchesQueues: false, label, clock: systemClock, config, signal}).catch(raiseLater);
	let knownAtMs: number | undefined;
	return ({fleet, nowMs}) => {
		const {nodes = [], problem} = fleet ?? {};
		const isKnown = problem !== undefined || (nodes.length > 0 && nodes.every(({server}) => server.kind !== 'CONNECTING'));
		knownAtMs = isKnown ? (knownAtMs ?? systemClock.now()) : undefined;
		return knownAtMs !== undefined && nowMs > knownAtMs;
	};
}
