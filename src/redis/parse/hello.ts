import {productName, type Role, toRole} from './identity.ts';
import {toCount} from './number.ts';
import {toPairs, toText} from './reply.ts';

/** What HELLO tells about the server and our connection. It answers even in BUSY and LOADING, so it may be all that is known. */
export type Hello = {
	/** `Redis`, `Valkey`, or the fork's own name. */
	readonly product: string | undefined;
	readonly version: string | undefined;
	/** RESP version now spoken: 2 or 3. */
	readonly protocol: number | undefined;
	/** Our own client id, decimal, as CLIENT LIST prints it. */
	readonly clientId: string | undefined;
	/** `standalone`, `sentinel` or `cluster`. */
	readonly mode: string | undefined;
	/** Not told by a Sentinel. */
	readonly role: Role | undefined;
	/** Names of the loaded modules. */
	readonly modules: readonly string[];
};

/** Parse the reply of HELLO (6.0 and newer), RESP2 or RESP3. What is missing or unusable is undefined. */
export function parseHello(reply: unknown): Hello {
	const pairs = toPairs(reply);
	const text = (name: string) => toText(pairs.get(name));
	const server = text('server');
	const modules = pairs.get('modules');
	return {
		product: server === undefined ? undefined : productName(server),
		version: text('version'),
		protocol: toCount(pairs.get('proto')),
		clientId: text('id'),
		mode: text('mode'),
		role: toRole(text('role')),
		modules: Array.isArray(modules) ? modules.flatMap(module => toText(toPairs(module).get('name')) ?? []) : [],
	};
}
