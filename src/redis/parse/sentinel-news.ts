/** What a Sentinel has published (PSUBSCRIBE *): the channel is the name of the event. */
export type SentinelNews = {
	/** `+sdown`, `+switch-master`, `-failover-abort-no-good-slave` … */
	readonly name: string;
	/** What it is about; undefined where it names no instance (`+vote-for-leader`, `+tilt`). */
	readonly about: {readonly kind: 'master' | 'replica' | 'sentinel'; readonly address: string} | undefined;
	/** The master's address as it was and as it is now. */
	readonly moved: {readonly from: string; readonly to: string} | undefined;
	/** What else it says: `#quorum 2/2`. */
	readonly more: string;
};

const kinds = {master: 'master', slave: 'replica', sentinel: 'sentinel'} as const;

const isKind = (word: string | undefined): word is keyof typeof kinds => word !== undefined && word in kinds;

const addressOf = (host: string, port: string): string => `${host.includes(':') ? `[${host}]` : host}:${port}`;

/**
 * Read one message (formats measured on 7.0). Undefined where it is about another master than `master`. With `<kind> <name> <ip> <port>` a
 * master is named by its name, everything else by the master behind the `@`.
 */
export function parseSentinelNews(name: string, message: string, master: string): SentinelNews | undefined {
	const words = message.split(' ');
	const [first, second = '', host = '', port = ''] = words;
	if (name === '+switch-master') {
		const [, , , toHost = '', toPort = ''] = words;
		if (first !== master) return undefined;
		return {name, about: undefined, moved: {from: addressOf(second, host), to: addressOf(toHost, toPort)}, more: ''};
	}
	if (!isKind(first)) return {name, about: undefined, moved: undefined, more: message};
	const at = words.indexOf('@');
	const watched = first === 'master' ? second : words[at + 1];
	if (watched !== master) return undefined;
	const more = (at === -1 ? words.slice(4) : words.slice(at + 4)).join(' ');
	return {name, about: {kind: kinds[first], address: addressOf(host, port)}, moved: undefined, more};
}
