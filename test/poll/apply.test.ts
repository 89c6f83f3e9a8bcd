import {expect, it} from 'vitest';
import {createApply} from '../../src/poll/apply.ts';
import {Link} from '../../src/redis/link.ts';
import {appendSample, emptyHistory} from '../../src/store/history.ts';
import {noonMs, storeWith} from '../helpers/fixtures.ts';

it.each<[string, number, number, number]>([
	['as often as usual a silence leaves its gap', 1, 2000, 2],
	['four times less often that is no silence', 4, 5000, 1],
	['four times less often there are silences too', 4, 6000, 2],
])('where INFO is asked %s', (_how, factor, passedMs, samples) => {
	const history = appendSample(emptyHistory, noonMs, {opsPerSecond: 7});
	const store = storeWith({session: {intervalMs: 1000}, snapshot: {history, slowed: new Map([['info', factor]])}});
	const clock = {now: () => noonMs + passedMs, sleep: () => Promise.resolve()};
	const endpoint = {kind: 'tcp' as const, host: '127.0.0.1', port: 1};
	const target = {name: 'n', endpoint, username: undefined, password: undefined, db: 0, tls: undefined, environment: undefined};
	createApply({store, link: new Link({target, name: 'test', clock}), clock, patienceMs: () => 1000, diagnose: () => []})(snapshot => snapshot);
	expect(store.getState().snapshot.history.atMs).toHaveLength(samples);
});
