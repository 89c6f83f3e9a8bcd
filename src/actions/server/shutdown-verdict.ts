import type {ConsoleState} from '../../store/store.ts';
import type {Verdict} from '../types.ts';

type Before = {readonly runId: string | undefined; readonly openedAtMs: number};

/**
 * The connection has ended instead of a reply. Whether that was the server's end, new connections tell: none comes about, or one to another process.
 * It is good as soon as it is gone; that it comes back is worth looking on for a while.
 */
export function afterShutdown(after: ConsoleState, before: Before): Verdict {
	const {contact} = after.snapshot;
	switch (contact.link) {
		case 'broken':
			return goneOrNot(after);
		case 'open':
			return isReadOverThisLink(after)
				? whoAnswers(after, before)
				: {ok: false, detail: 'a connection has come about again; who answers there is not known yet'};
		default:
			return {ok: false, detail: 'the connection has ended; whether the server has is not known yet'};
	}
}

function goneOrNot({snapshot: {contact, server}}: ConsoleState): Verdict {
	if (server.kind !== 'DOWN')
		return {ok: false, detail: `the connection has ended; whether the server has is not known: it is ${server.kind} (${server.detail})`};
	const how = contact.failure?.kind === 'down' ? 'nothing listens at its address any more' : 'no new connection comes about';
	return {ok: true, isFinal: false, detail: `the server is gone: ${how}. Nobody has started it again so far`};
}

const isReadOverThisLink = ({snapshot: {contact, info}}: ConsoleState): boolean => info.updatedAtMs !== undefined && info.updatedAtMs > contact.linkSinceMs;

/** A process is known by its run id; where none was ever told before, by being younger than the dialog. */
function whoAnswers({snapshot: {info, server}}: ConsoleState, {runId, openedAtMs}: Before): Verdict {
	const {runId: now, uptimeSeconds} = info.data ?? {};
	const isYounger = uptimeSeconds !== undefined && info.updatedAtMs !== undefined && info.updatedAtMs - uptimeSeconds * 1000 > openedAtMs;
	const isAnother = runId === undefined || now === undefined ? isYounger : now !== runId;
	if (isAnother) return {ok: true, detail: `it has ended, and was started again: it is ${server.kind} now`};
	return {ok: false, detail: 'the same process still answers: it has not ended'};
}
