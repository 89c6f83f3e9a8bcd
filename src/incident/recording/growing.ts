import type {ClientRow} from '../../redis/parse/client-list.ts';
import type {Frame} from './recorded.ts';

/** Rows of CLIENT LIST that are written at once: some ten milliseconds. */
const rowsAtOnce = 500;

/**
 * A frame with a long list of clients that is another one than in the frame before: told as a whole, ten thousand of them held the console up for 0.1 s, at
 * the beginning of a chunk for half a second. So the list becomes the new one over several frames of the same moment, between which keys have their turn.
 * The last one is `frame` itself, the others are marked as parts in the file: a moment that is cut within them is none.
 */
export function* growing(frame: Frame, before: Frame | undefined): Generator<Frame> {
	const {clients} = frame.snapshot;
	const {data} = clients;
	const known = before?.snapshot.clients.data?.clients ?? [];
	const now = data?.clients ?? [];
	if (data && now !== known && now.length > rowsAtOnce)
		for (const rows of between(known, now)) yield {...frame, snapshot: {...frame.snapshot, clients: {...clients, data: {...data, clients: rows}}}};
	yield frame;
}

/** First those that stay become what they are now, each in its old place, then the new ones come. What has gone goes with the last step, which is not told here. */
function* between(before: readonly ClientRow[], after: readonly ClientRow[]): Generator<readonly ClientRow[]> {
	const now = new Map(after.map(row => [row.id, row]));
	const known = new Set(before.map(({id}) => id));
	const rows = [...before];
	for (let from = 0; from < before.length; from += rowsAtOnce) {
		rows.splice(from, rowsAtOnce, ...before.slice(from, from + rowsAtOnce).map(row => now.get(row.id) ?? row));
		yield [...rows];
	}
	const added = after.filter(({id}) => !known.has(id));
	for (let from = 0; from + rowsAtOnce < added.length; from += rowsAtOnce) {
		rows.push(...added.slice(from, from + rowsAtOnce));
		yield [...rows];
	}
}
