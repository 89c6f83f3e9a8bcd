export type Role = 'master' | 'replica';

/** What the server calls itself, spelt as people write it: `Redis`, `Valkey`, or the name of a fork as it came. */
export function productName(serverName: string): string {
	if (serverName === 'redis') return 'Redis';
	return serverName === 'valkey' ? 'Valkey' : serverName;
}

/** One word for both sides of replication: INFO, HELLO and ROLE say `slave`, HELLO also says `replica`. */
export function toRole(word: string | undefined): Role | undefined {
	if (word === 'slave' || word === 'replica') return 'replica';
	return word === 'master' || word === 'primary' ? 'master' : undefined;
}
