import {expect, it} from 'vitest';
import type {SlowlogEntry} from '../../../src/redis/parse/slowlog.ts';
import {client, slowlogEntry} from '../../helpers/fixtures.ts';
import {at, finding, played, type Second} from '../../helpers/played-recording.ts';
import {reportFrom} from '../../helpers/report.ts';

const summary = (secondAt: (second: number) => Second) => reportFrom(played({seconds: 100, at: secondAt}), []).summary;

it('tells who may have called the script that blocked the server, as far as the last list of clients lets guess', () => {
	const blocked =
		(...clients: readonly ReturnType<typeof client>[]) =>
		(second: number): Second => ({
			...(second < 50 ? {} : {server: {kind: 'BUSY', sinceMs: at(49), running: 'script'}, findings: [finding('script.busy', 'P0')]}),
			clients,
		});
	const caller = client({address: '10.0.0.7:39407', name: 'worker-ledger', lastCommand: 'eval'});
	expect(summary(blocked(caller, client({lastCommand: 'get'})))[0]).toMatch(
		/^From 12:00:50Z on .*\. The caller of the script is likely 10\.0\.0\.7:39407 worker-ledger, by the list of clients of 12:00:50Z\.$/,
	);
	const logged =
		(change: Partial<SlowlogEntry>) =>
		(second: number): Second => ({
			...blocked(caller)(second),
			...(second < 90 ? {} : {server: {}, findings: []}),
			slowlog:
				second < 90 ? [] : [slowlogEntry({isScript: true, atMs: at(89), durationMicros: 38e6, clientAddress: '10.0.0.9:1', clientName: 'invoices', ...change})],
		});
	expect(summary(logged({}))[0]).toMatch(/ The caller of the script was 10\.0\.0\.9:1 invoices, by the slowlog \(38\.0 s\)\.$/);
	for (const other of [{isScript: false}, {durationMicros: 5e5}, {atMs: at(60)}, {clientAddress: ''}])
		expect(summary(logged(other))[0]).toContain('is likely 10.0.0.7:39407 worker-ledger');
	expect(summary(blocked(client({lastCommand: 'get'})))[0]).not.toContain('caller');
	expect(summary(second => ({...blocked(caller)(second), server: {kind: 'SILENT', sinceMs: at(49)}}))[0]).not.toContain('caller');
});
