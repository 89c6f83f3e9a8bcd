import {describe, expect, it} from 'vitest';
import type {SurveyGroup} from '../../src/store/survey.ts';
import {startForTest} from '../helpers/server-session.ts';
import {census, groupOfKey, isConnected, ping, seedKeyspace, surveyMicros, type Truth} from '../helpers/survey-census.ts';
import {openSurvey, surveyName} from '../helpers/survey-run.ts';
import {until} from '../helpers/until.ts';

describe('300,000 keys', () => {
	it('are estimated within the stated error, and nobody waits for it', {timeout: 120_000}, async () => {
		const redis = await startForTest();
		await seedKeyspace(redis, 300_000);
		const truth = await census(redis, groupOfKey);
		const quiet = await ping(redis);
		await until('200 PINGs', () => quiet.count() >= 200);
		const before = await quiet.end();
		await redis.call('CONFIG', 'SET', 'slowlog-log-slower-than', '5000');
		await redis.call('SLOWLOG', 'RESET');
		await redis.call('CONFIG', 'RESETSTAT');

		// Fifteen times the usual pace, so that the test ends; a round is the same round.
		const survey = await openSurvey(redis.url, {
			limits: {share: 0.15},
			components: [
				{name: 'limits', keys: ['rl:*']},
				{name: 'jobs', keys: ['bull:*:[0-9]*']},
				{name: 'breakers', keys: ['cb:*', 'breaker:*']},
			],
		});
		const pings = await ping(redis);
		const startedAtMs = Date.now();
		const {result, progress, ending} = await survey.run();
		const tookMs = Date.now() - startedAtMs;
		const during = await pings.end();
		const micros = await surveyMicros(redis);

		expect(ending).toMatchObject({kind: 'finished', detail: ''});
		expect(progress).toMatchObject({scannedKeys: expect.any(Number), totalKeys: 300_041, everyNth: 7, refused: [], hiddenKeys: 0});
		expect(result?.prefixes.map(({name}) => name).toSorted()).toEqual([...truth.keys()].toSorted());
		for (const group of result?.prefixes ?? []) expectWithinError(group, truth.get(group.name));
		const all = [...truth.values()].reduce((sum, part) => ({
			keys: sum.keys + part.keys,
			bytes: sum.bytes + part.bytes,
			withoutTtl: sum.withoutTtl + part.withoutTtl,
		}));
		expectWithinError(result?.total, all);
		expect(result?.total.bytesError).toBeLessThan(0.03);

		const [limits, jobs, breakers] = result?.components ?? [];
		const inLimits = ['rl:ip:*', 'rl:user:*', 'rl:key:*'].map(name => truth.get(name) ?? {keys: 0, bytes: 0, withoutTtl: 0});
		expectWithinError(
			limits,
			inLimits.reduce((sum, part) => ({keys: sum.keys + part.keys, bytes: sum.bytes + part.bytes, withoutTtl: sum.withoutTtl + part.withoutTtl})),
		);
		expect(jobs).toMatchObject({keys: 90_000, withoutTtl: 1});
		expect(breakers).toMatchObject({keys: 40, withoutTtl: 1});

		// One key in 300,041, found because its name is like no other.
		expect(result?.bigKeys[0]).toMatchObject({name: 'bull:orders:completed', type: 'zset', length: 50_000, hasTtl: false});
		expect(result?.bigKeys.find(({type}) => type === 'string')).toMatchObject({length: 9000});

		const slow = (await redis.call('SLOWLOG', 'GET', '50')) as unknown[][];
		// One that the machine gave no processor for a while looks slow as well.
		expect(slow.filter(entry => entry[5] === surveyName).length).toBeLessThan(survey.sent.length / 1000);
		expect(survey.sent.filter(([command]) => command === 'MEMORY').every(argv => argv.length === 5 && argv[3] === 'SAMPLES' && argv[4] === '5')).toBe(true);
		expect(survey.sent.some(argv => argv.includes('MATCH'))).toBe(false);
		expect(during.p99, JSON.stringify({before, during})).toBeLessThan(Math.max(25, before.p99 * 5));
		expect(await isConnected(redis)).toBe(false);
		report({
			tookMs,
			serverMs: micros / 1000,
			estimatedMs: progress?.serverMs,
			percent: micros / 10 / tookMs,
			measured: progress?.measuredKeys,
			before,
			during,
			total: result?.total,
			all,
		});
	});

	it('cost below 1 % of a core at the usual pace; stopped, it ends within a round with what it has', {timeout: 60_000}, async () => {
		const redis = await startForTest();
		await seedKeyspace(redis, 300_000);
		const survey = await openSurvey(redis.url);
		const ended = survey.run();
		await survey.untilScanned(2000);
		await redis.call('CONFIG', 'RESETSTAT');
		const fromMs = Date.now();
		await until('five seconds have been measured', () => Date.now() - fromMs >= 5000, 10_000);
		const percent = (await surveyMicros(redis)) / 10 / (Date.now() - fromMs);
		expect(await isConnected(redis)).toBe(true);

		const stoppedAtMs = Date.now();
		survey.surveyor.stop();
		const {ending, progress, result} = await ended;
		const endedInMs = Date.now() - stoppedAtMs;
		expect(ending).toMatchObject({kind: 'stopped'});
		expect(endedInMs).toBeLessThan(200);
		await until('its connection has gone', async () => !(await isConnected(redis)));
		expect(percent).toBeLessThan(1);
		expect(percent).toBeGreaterThan(0.05);

		// What has been seen stands for the whole: the order of a hash table is random.
		expect(progress?.scannedKeys).toBeLessThan(200_000);
		expect(result?.total.keys).toBe(300_041);
		const sessions = result?.prefixes.find(({name}) => name === 'sess:*');
		expect(Math.abs((sessions?.keys ?? 0) / 90_000 - 1)).toBeLessThan((sessions?.keysError ?? 0) * 1.5);
		report({percent, endedInMs, scanned: progress?.scannedKeys, sessions});
	});
});

/** Stated errors are three standard errors, so one in some hundred figures may lie beyond; none by half as much again. */
function expectWithinError(group: SurveyGroup | undefined, truth: Truth | undefined): void {
	const text = JSON.stringify({group, truth});
	if (!group || !truth) throw new Error(`nothing to compare: ${text}`);
	expect(group.keys, text).toBeGreaterThanOrEqual(truth.keys);
	expect(group.keys, text).toBeLessThanOrEqual(truth.keys * 1.01);
	expect(group.bytesError, text).toBeDefined();
	expect(Math.abs((group.bytes ?? 0) / truth.bytes - 1), text).toBeLessThanOrEqual((group.bytesError ?? 0) * 1.5 + 0.002);
	expect(Math.abs((group.withoutTtl ?? 0) - truth.withoutTtl / truth.keys), text).toBeLessThanOrEqual((group.withoutTtlError ?? 0) * 1.5 + 0.002);
}

/** Measured figures, for those who ask for them. */
function report(figures: Readonly<Record<string, unknown>>): void {
	if (process.env.SURVEY_FIGURES) process.stderr.write(`${JSON.stringify(figures)}\n`);
}
