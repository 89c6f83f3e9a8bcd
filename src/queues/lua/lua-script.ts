/** A script of ours. The first line of `text` is a comment that names it, for whoever sees it on the screen, in MONITOR or in the slowlog. */
export type LuaScript = {
	readonly text: string;
	/** Of `text`, 40 hex digits, by which EVALSHA calls it; a test compares the two. */
	readonly sha1: string;
};
