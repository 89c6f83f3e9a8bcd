import type {Clock} from '../clock.ts';
import type {FirstWords} from '../redis/connect-failure.ts';
import type {Link} from '../redis/link.ts';
import type {ConsoleStore} from '../store/store.ts';
import type {Change} from './sources.ts';

export type TickerOptions = {
	readonly store: ConsoleStore;
	readonly link: Link;
	readonly clock: Clock;
	readonly apply: (change: Change) => void;
	/** Connect without a word and hang up: does the machine still take connections? */
	readonly knock: () => Promise<FirstWords>;
};

const tickMs = 100;
const knockAfterMs = 3000;
const knockEveryMs = 5000;

/** Time passes also when nothing is heard: stopwatches run, a wait becomes a silence, ages grow. */
export async function runTicker({store, link, clock, apply, knock}: TickerOptions, signal: AbortSignal): Promise<void> {
	let lastKnockMs = 0;
	while (!signal.aborted) {
		const {snapshot, nowMs} = store.getState();
		const now = clock.now();
		const isLate = link.waiting !== undefined && now - link.waiting.sinceMs > 300;
		const isCounting = isLate || snapshot.server.kind === 'BUSY' || snapshot.server.kind === 'SILENT' || snapshot.server.kind === 'CONNECTING';
		if (isCounting || Math.floor(now / 1000) !== Math.floor(nowMs / 1000)) apply(unchanged);

		const waitingSinceMs = link.waiting?.sinceMs;
		if (waitingSinceMs !== undefined && now - waitingSinceMs > knockAfterMs && now - lastKnockMs > knockEveryMs) {
			lastKnockMs = now;
			void knock().then(words => heardKnock(words, link, store, apply));
		}
		await clock.sleep(tickMs, signal);
	}
}

const unchanged: Change = snapshot => snapshot;

/** A frozen process still takes TCP connections (the kernel does it); a machine or a network that is gone does not. */
function heardKnock(words: FirstWords, link: Link, store: ConsoleStore, apply: (change: Change) => void): void {
	const acceptsTcp = words.kind !== 'failed';
	const cameBack = acceptsTcp && store.getState().snapshot.contact.acceptsTcp === false;
	const isGone = words.kind === 'failed' && words.failure.kind === 'down';
	apply(snapshot => ({...snapshot, contact: {...snapshot.contact, acceptsTcp}}));
	// TCP would take minutes to notice that the other end has forgotten this connection.
	if (cameBack || isGone) link.reconnect();
}
