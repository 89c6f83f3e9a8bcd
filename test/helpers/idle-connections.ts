import {type Reply, ReplyError} from '../../src/demo/resp.ts';
import {RespClient} from '../../src/demo/resp-client.ts';

export type IdleConnections = {
	/** How many the server took; it has answered each of them. */
	readonly accepted: number;
	/** How many it refused with `max number of clients reached`. */
	readonly refused: number;
	/** Still open: the server may have killed some since. */
	readonly openCount: () => number;
	/** Drop all of them, or the first `count`. */
	readonly close: (count?: number) => void;
};

export type IdleOptions = {
	readonly password?: string;
	/** Name of connection number `index`; none by default. */
	readonly name?: (index: number) => string | undefined;
	readonly localAddress?: string;
};

/** More than the server's listen backlog of 511 at a time would be dropped and retried a second later. */
const waveSize = 250;

/** Open many raw connections to a real server and leave them idle; 10,000 take about a second. */
export async function openIdleConnections(port: number, count: number, {password, name, localAddress}: IdleOptions = {}): Promise<IdleConnections> {
	const open = new Set<RespClient>();
	let refused = 0;

	const openOne = async (index: number) => {
		const client = await RespClient.open({port, localAddress});
		open.add(client);
		void client.closed.then(() => open.delete(client));
		const title = name?.(index);
		const greeting = [...(password === undefined ? [] : [['AUTH', password]]), title === undefined ? ['PING'] : ['CLIENT', 'SETNAME', title]];
		// A full server answers before it is asked, and may close before our question has left.
		const last = await client.pipeline(greeting).then(
			replies => replies.at(-1),
			(error: unknown) => error as Error,
		);
		if (!(last instanceof Error)) return;
		if (last instanceof ReplyError && !isFull(last)) throw last;
		refused++;
		client.close();
	};

	for (let first = 0; first < count; first += waveSize) {
		await Promise.all(Array.from({length: Math.min(waveSize, count - first)}, (_, offset) => openOne(first + offset)));
	}
	return {
		accepted: count - refused,
		refused,
		openCount: () => open.size,
		close(howMany = open.size) {
			for (const client of [...open].slice(0, howMany)) client.close();
		},
	};
}

function isFull(reply: Reply): boolean {
	return reply instanceof ReplyError && reply.message.includes('max number of clients reached');
}
