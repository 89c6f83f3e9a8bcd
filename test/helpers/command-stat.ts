/** Calls by command, from INFO commandstats: `config|set` → 3. */
export function parseCommandStat(text: string): ReadonlyMap<string, number> {
	return new Map([...text.matchAll(/^cmdstat_([^:]+):calls=(\d+)/gm)].map(([, name = '', calls]) => [name, Number(calls)]));
}
