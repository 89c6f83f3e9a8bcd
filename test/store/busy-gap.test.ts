import {describe, expect, it} from 'vitest';
import {type Contact, deriveServerState} from '../../src/store/server-state.ts';
import {contact, noonMs, serverInfo, serverState} from '../helpers/fixtures.ts';

const busy = {kind: 'busy', running: 'script', detail: 'BUSY …'} as const;

describe('BUSY that misses a probe', () => {
	const answeredAt = (atMs: number) => ({atMs, lastReplyAtMs: atMs, probedAtMs: atMs, refusal: busy});
	const told = {info: serverInfo(), oomRefusedAtMs: undefined, busyThresholdMs: 5000 as number | undefined};
	/** BUSY, then a silence that ends with BUSY so long after the last reply. */
	const silentFor = (gapMs: number, more: Partial<typeof told> = {}, refusal: Contact['refusal'] = busy) => {
		const lastMs = noonMs + 1000;
		const steps = [answeredAt(noonMs), answeredAt(lastMs), {atMs: lastMs + 900, lastReplyAtMs: lastMs, waitingSinceMs: lastMs + 100, refusal: busy}];
		return [...steps, {...answeredAt(lastMs + gapMs), refusal}].reduce(
			(previous, {atMs, ...heard}) => deriveServerState(previous, contact({patienceMs: 800, ...heard}), {...told, ...more}, atMs),
			serverState({kind: 'SILENT', sinceMs: noonMs - 5000, begunAfterMs: noonMs - 5000, blockedSinceMs: noonMs - 4000}),
		);
	};
	const goesOn = {kind: 'BUSY', sinceMs: noonMs, begunAfterMs: noonMs - 5000, blockedSinceMs: noonMs - 4000};

	it('goes on where nothing that began since could be BUSY yet', () => expect(silentFor(4100)).toMatchObject(goesOn));

	it.each([
		['as late as another one could be', silentFor(4300)],
		['where the threshold is not known', silentFor(4100, {busyThresholdMs: undefined})],
		['with a function', silentFor(4100, {}, {...busy, running: 'function'})],
	])('is another episode %s', (_what, state) => {
		expect(state).toMatchObject({kind: 'BUSY', begunAfterMs: noonMs + 1000, blockedSinceMs: noonMs + 1900});
	});
});
