import type {Clock} from '../clock.ts';
import {Link} from './link.ts';
import {type SentinelOptions, sentinelTarget, standing} from './sentinel-client.ts';
import {SentinelEar} from './sentinel-ear.ts';
import type {Reach} from './sentinel-group.ts';
import type {TcpEndpoint} from './target.ts';

type LinesOptions = SentinelOptions & {
	/** What a Sentinel has published: the name of the event, and its message. */
	readonly onNews: (node: string, name: string, message: string) => void;
};

/** One to ask and one to listen. */
type Line = {readonly link: Link; readonly ear: SentinelEar | undefined};

/** Groups have three or five; of an odd one these many are listened to, and the rest is asked all the same. */
const mostEars = 9;
/** A Sentinel that owes a reply for so long is tried on a new connection: between us somebody may have forgotten the old one. */
const renewAfterMs = 15_000;

/** Connections to the Sentinels of a group that stay open: what they publish is heard, and to ask them costs no connection. They reconnect by themselves. */
export class SentinelLines {
	readonly #options: LinesOptions;
	readonly #lines = new Map<string, Line>();

	constructor(options: LinesOptions) {
		this.#options = options;
	}

	/** For SentinelGroup.ask. A new one has its time to connect; one that has been lost says so at once. */
	readonly reach: Reach = async (node, endpoint, use) => {
		const {clock, signal} = this.#options;
		const known = this.#lines.get(node);
		const {link} = known ?? this.#open(node, endpoint);
		renewIfQuiet(link, clock);
		await standing(link, clock, signal, known && 0);
		return use(link);
	};

	/** Those of which nobody speaks any more are left alone. */
	keepOnly(nodes: readonly string[]): void {
		for (const [node, line] of this.#lines) {
			if (nodes.includes(node)) continue;
			this.#lines.delete(node);
			closeLine(line);
		}
	}

	close(): void {
		this.keepOnly([]);
	}

	#open(node: string, endpoint: TcpEndpoint): Line {
		const {name, clock, onNews} = this.#options;
		const target = sentinelTarget(endpoint, this.#options);
		const link = new Link({target, name, clock});
		const isHeard = this.#lines.size < mostEars;
		const ear = isHeard ? new SentinelEar({target, name: `${name}-events`, clock, onNews: (event, message) => onNews(node, event, message)}) : undefined;
		// It listens wherever asking works: a Sentinel that is away is tried by one of the two.
		link.subscribe(() => {
			if (link.status.kind === 'open') ear?.listen();
		});
		const line = {link: link.open(), ear};
		this.#lines.set(node, line);
		return line;
	}
}

function renewIfQuiet(link: Link, clock: Clock): void {
	const {quietSinceMs} = link;
	if (quietSinceMs !== undefined && clock.now() - quietSinceMs > renewAfterMs) link.reconnect();
}

function closeLine({link, ear}: Line): void {
	link.close();
	ear?.close();
}
