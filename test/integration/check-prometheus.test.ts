import {Queue} from 'bullmq5';
import {describe, expect, it, onTestFinished} from 'vitest';
import {runCheck} from '../../src/commands/check/run-check.ts';
import {defaultConfig} from '../../src/config/default-config.ts';
import {figureOf, foundIn, type ParsedMetric, parseExposition, seriesOf} from '../helpers/exposition.ts';
import {startForTest, targetOf} from '../helpers/server-session.ts';
import {endlessEval, startEndless, untilBusy} from '../helpers/stuck-script.ts';

const seat = {env: {}, userName: 'tester', hostName: 'test', homeFolder: '/nowhere'};

type Scrape = {readonly metrics: ReadonlyMap<string, ParsedMetric>; readonly text: string; readonly code: number};

/** `check --prometheus` of a real server, in this process. */
async function scrape(argv: readonly string[]): Promise<Scrape> {
	const {text, code} = await runCheck({target: await targetOf(argv), config: defaultConfig, format: 'prometheus', colour: true, seat});
	return {metrics: parseExposition(text), text, code};
}

/** Nothing of the server's figures is there: what is left is about the check itself. */
function expectNoFigures({metrics}: Scrape): void {
	const names = [...metrics.keys()].map(name => name.slice('redis_triage_'.length));
	expect(names.filter(name => !/^(info|up|state|severity|finding|unavailable|check_duration_seconds|check_timestamp_seconds)$/.test(name))).toEqual([]);
	expect(seriesOf(metrics, 'unavailable').map(({labels}) => labels.command)).toEqual(expect.arrayContaining(['INFO', 'CLIENT LIST', 'SCAN']));
}

const presentState = ({metrics}: Scrape) => seriesOf(metrics, 'state').flatMap(({labels, value}) => (value === 1 ? [labels.state] : []));

describe('in every state the text is right, and the exit code is that of the check', () => {
	it('OK, with a queue that has awkward names', async () => {
		const redis = await startForTest({conf: {maxmemory: '100mb'}});
		const queue = new Queue('mail "out"\\', {connection: {host: '127.0.0.1', port: redis.port}, prefix: 'bull{1}'});
		onTestFinished(() => queue.close());
		await queue.addBulk(Array.from({length: 3}, (_, index) => ({name: 'job', data: {index}})));
		const run = await scrape([redis.url]);
		const {metrics} = run;
		expect(run.code).toBe(1);
		expect(presentState(run)).toEqual(['OK']);
		expect([figureOf(metrics, 'up'), figureOf(metrics, 'severity')]).toEqual([1, 1]);
		expect(foundIn(metrics)).toContain('ha.none P2');
		expect(figureOf(metrics, 'finding', {id: 'memory.no-limit', severity: 'P2'})).toBe(0);
		expect(figureOf(metrics, 'queue_waiting', {system: 'bullmq', prefix: 'bull{1}', name: 'mail "out"\\'})).toBe(3);
		expect(figureOf(metrics, 'queues')).toBe(1);
		expect(figureOf(metrics, 'memory_max_bytes')).toBe(100 * 1024 * 1024);
		expect(figureOf(metrics, 'clients_connected')).toBeGreaterThanOrEqual(2);
		expect(figureOf(metrics, 'info', {address: `127.0.0.1:${redis.port}`, role: 'master'})).toBe(1);
		expect(figureOf(metrics, 'check_timestamp_seconds')).toBeGreaterThan(Date.now() / 1000 - 60);
		expect(seriesOf(metrics, 'unavailable')).toEqual([]);
	});

	it('BUSY', async () => {
		const redis = await startForTest({conf: {'lua-time-limit': 50}});
		await startEndless(redis, endlessEval);
		await untilBusy(redis);
		const run = await scrape([redis.url]);
		expect([run.code, presentState(run), foundIn(run.metrics)]).toEqual([2, ['BUSY'], ['script.busy P0']]);
		expect([figureOf(run.metrics, 'up'), figureOf(run.metrics, 'severity')]).toEqual([1, 3]);
		expect(figureOf(run.metrics, 'finding', {id: 'server.down', severity: 'P0'})).toBe(0);
		expect(seriesOf(run.metrics, 'finding').filter(({labels}) => labels.id === 'memory.no-limit')).toEqual([]);
		expectNoFigures(run);
	});

	it('SILENT', async () => {
		const redis = await startForTest();
		redis.signal('SIGSTOP');
		const run = await scrape([redis.url]);
		expect([run.code, presentState(run), foundIn(run.metrics)]).toEqual([2, ['SILENT'], ['server.silent P0']]);
		expectNoFigures(run);
	});

	it('DOWN', async () => {
		const redis = await startForTest();
		await redis.kill();
		const run = await scrape([redis.url]);
		expect([run.code, presentState(run), foundIn(run.metrics)]).toEqual([2, ['DOWN'], ['server.down P0']]);
		expectNoFigures(run);
	});

	it('NOAUTH and a wrong password: it could not tell, and no password is in it', async () => {
		const redis = await startForTest({password: 's3cret-word'});
		const none = await scrape([`redis://127.0.0.1:${redis.port}`]);
		const wrong = await scrape([`redis://:wr0ng-word@127.0.0.1:${redis.port}`]);
		for (const run of [none, wrong]) {
			expect([run.code, presentState(run), figureOf(run.metrics, 'up'), figureOf(run.metrics, 'severity')]).toEqual([3, ['NOAUTH'], 0, undefined]);
			expect(seriesOf(run.metrics, 'finding')).toEqual([]);
			expectNoFigures(run);
		}
		const right = await scrape([redis.url]);
		expect(right.code).toBe(1);
		expect(none.text + wrong.text + right.text).not.toMatch(/s3cret|wr0ng/);
	});

	it('a user who may do little: what is refused is named, what is known is there', async () => {
		const redis = await startForTest({acl: ['viewer on >s3cret-word ~* -@all +ping +info']});
		const run = await scrape([`redis://viewer:s3cret-word@127.0.0.1:${redis.port}`]);
		expect(foundIn(run.metrics)).toContain('access.limited P2');
		expect(figureOf(run.metrics, 'memory_used_bytes')).toEqual(expect.any(Number));
		expect(figureOf(run.metrics, 'access_may_not_run', {command: 'CLIENT LIST'})).toBe(1);
		expect(figureOf(run.metrics, 'unavailable', {command: 'CONFIG GET'})).toBe(1);
		expect(seriesOf(run.metrics, 'clients')).toEqual([]);
		expect(figureOf(run.metrics, 'queues')).toBeUndefined();
		expect(run.text).not.toContain('s3cret');
	});
});
