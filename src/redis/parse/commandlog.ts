import {parseSlowlog, type SlowlogEntry} from './slowlog.ts';

/** A command whose request or reply was large, whatever time it took (COMMANDLOG of Valkey 8.1 and newer). */
export type LargeCommand = Omit<SlowlogEntry, 'durationMicros'> & {readonly what: LargeKind; readonly bytes: number};
export type LargeKind = 'request' | 'reply';

/** Parse the reply of COMMANDLOG GET n large-request|large-reply: the tuples of the slowlog, with bytes where that has the time. */
export function parseLargeCommands(reply: unknown, what: LargeKind): readonly LargeCommand[] {
	return parseSlowlog(reply).entries.map(({durationMicros, ...entry}) => ({...entry, what, bytes: durationMicros}));
}
