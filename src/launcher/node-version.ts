const needed = [20, 19] as const;

/** One line for a Node that cannot run the program; undefined for one that can. */
export function tooOldText(version: string, path: string): string | undefined {
	const [major = 0, minor = 0] = version.split('.').map(Number);
	if (major > needed[0] || (major === needed[0] && minor >= needed[1])) return undefined;
	return `redis-triage: Node ${needed.join('.')} or newer is needed, and ${path} is ${version}\n`;
}
