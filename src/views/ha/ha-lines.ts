import type {ServerInfo} from '../../redis/parse/server-info.ts';
import type {Fleet} from '../../store/fleet.ts';
import {formatClock} from '../../text/format.ts';
import {emptyText} from '../kit/age.ts';
import {type Line, line} from '../kit/line.ts';
import {type HaInput, persistenceLines} from './persistence-lines.ts';
import {fact, faded, fault, fitting, gap, heading, type Ranked} from './ranked-lines.ts';
import {replicationLines} from './replication-lines.ts';
import {sentinelLines} from './sentinel-lines.ts';

type Input = HaInput & {
	readonly fleet?: Fleet | undefined;
	/** The figures are from before the server stopped answering. */
	readonly isStale: boolean;
	/** Rows there are for it. */
	readonly room: number;
};

/** Persistence, Sentinel and replication, plain: what the server says, what its Sentinels say, and what nobody knows. In little room what says most. */
export function haLines(input: Input): readonly Line[] {
	return fitting(all(input), input.room).map(({content}) => content);
}

/** The Sentinels answer also when the server does not: what they say is of now. */
function all(input: Input): readonly Ranked[] {
	const {snapshot, isStale} = input;
	const dated = isStale ? faded : (lines: readonly Ranked[]) => lines;
	const sentinel = sentinelLines(input);
	const info = snapshot.info.data;
	if (!info) return [...(sentinel.length === 0 ? [] : [...sentinel, gap]), ...withoutInfo(input)];
	const since = isStale && {text: `   as of ${formatClock(snapshot.info.updatedAtMs)}: nothing newer is known`, tone: 'dim' as const};
	return [
		...dated([heading('Persistence', since), ...persistenceLines(info, input), gap]),
		...(sentinel.length === 0 ? [] : [...sentinel, gap]),
		...dated([heading('Replication'), ...replicationLines(info, input), ...clusterWords(info, input.fleet)]),
	];
}

function withoutInfo({snapshot}: Input): readonly Ranked[] {
	const isRefusing = snapshot.server.kind === 'MISCONF';
	return [{rank: 0, content: line(' ', emptyText(snapshot.info, 'The server has told nothing'))}, ...(isRefusing ? [fault(snapshot.server.detail)] : [])];
}

/** Of a node whose cluster is not watched, or of a cluster of which nothing has been heard. */
function clusterWords({clusterEnabled}: ServerInfo, fleet: Fleet | undefined): readonly Ranked[] {
	if (fleet?.kind === 'cluster') return fleet.problem === undefined ? [] : [fault(`The other nodes cannot be found: ${fleet.problem}`, 'warn')];
	const words =
		clusterEnabled === undefined ? 'not known' : clusterEnabled ? 'on: one node of it is looked at; start with --cluster to see all of them' : 'off';
	return [fact(clusterEnabled ? 1 : 4, 'cluster', {text: words, tone: clusterEnabled ? 'warn' : 'dim'})];
}
