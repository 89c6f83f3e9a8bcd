import {formatClock} from '../../text/format.ts';
import {emptyText} from '../kit/age.ts';
import {type Line, line} from '../kit/line.ts';
import {type HaInput, persistenceLines} from './persistence-lines.ts';
import {faded, fault, fitting, gap, heading, type Ranked} from './ranked-lines.ts';
import {replicationLines} from './replication-lines.ts';

type Input = HaInput & {
	/** The figures are from before the server stopped answering. */
	readonly isStale: boolean;
	/** Rows there are for it. */
	readonly room: number;
};

/** Persistence and replication, plain: what the server says, and what nobody knows. In little room what says most. */
export function haLines(input: Input): readonly Line[] {
	return fitting(input.isStale ? faded(all(input)) : all(input), input.room).map(({content}) => content);
}

function all(input: Input): readonly Ranked[] {
	const {snapshot, isStale} = input;
	const info = snapshot.info.data;
	if (!info) {
		const isRefusing = snapshot.server.kind === 'MISCONF';
		return [{rank: 0, content: line(' ', emptyText(snapshot.info, 'The server has told nothing'))}, ...(isRefusing ? [fault(snapshot.server.detail)] : [])];
	}
	const since = isStale && {text: `   as of ${formatClock(snapshot.info.updatedAtMs)}: nothing newer is known`, tone: 'dim' as const};
	return [heading('Persistence', since), ...persistenceLines(info, input), gap, heading('Replication'), ...replicationLines(info, input)];
}
