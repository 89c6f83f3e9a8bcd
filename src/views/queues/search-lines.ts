import {type QueueSearch, queuesAtMaster} from '../../store/snapshot.ts';
import {formatCount, formatSeconds, plural} from '../../text/format.ts';
import {glyphsFor} from '../../text/glyphs.ts';
import {type Line, line} from '../kit/line.ts';

/** How far the search for queues has got, and what it was not allowed to see; one line at least. */
export function searchLines(search: QueueSearch, notSearched: number, nowMs: number, ascii: boolean): readonly Line[] {
	const others = search.unknown.filter(({command}) => command !== 'SCAN');
	const elsewhere =
		notSearched === 0 ? [] : [line(' ', {text: `the search is not complete on ${plural(notSearched, 'other master')}: there may be more queues`, tone: 'dim'})];
	return [
		stateLine(search, nowMs, ascii),
		...elsewhere,
		...others.map(({command, reason}) => line(' ', {text: `${command} is refused: ${reason}`, tone: 'warn'})),
	];
}

function stateLine(search: QueueSearch, nowMs: number, ascii: boolean): Line {
	const {phase, keys, endedAtMs, isComplete, unknown} = search;
	const ago = endedAtMs === undefined ? '' : `${formatSeconds(Math.max(0, Math.floor((nowMs - endedAtMs) / 1000)), {ascii})} ago`;
	const refusal = unknown.find(({command}) => command === 'SCAN');
	if (phase === 'ended' && refusal?.reason === queuesAtMaster) return line(' ', {text: queuesAtMaster, tone: 'dim'});
	if (phase === 'running') {
		const before = endedAtMs === undefined ? '' : `, the last scan ended ${ago}`;
		return line(' ', {text: `scanning: ${plural(keys, 'key')} ${glyphsFor(ascii).ellipsis}${before}`, tone: 'info'});
	}
	if (refusal) return line(' ', {text: `SCAN is refused, so only queues with visible workers are found: ${refusal.reason}`, tone: 'warn'});
	if (phase === 'none' && endedAtMs === undefined) return line(' ', {text: 'the search for queues has not begun', tone: 'dim'});
	if (phase === 'none') return line(' ', {text: `the search was broken off, the last whole one ended ${ago}`, tone: 'warn'});
	if (isComplete) return line(' ', {text: `scanned ${ago}: ${formatCount(keys)} keys, r scans again`, tone: 'dim'});
	return line(' ', {text: `the scan ended ${ago} at its bound of ${formatCount(keys)} keys: there may be more queues`, tone: 'warn'});
}
