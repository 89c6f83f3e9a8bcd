import {describe, expect, it} from 'vitest';
import {startForTest} from '../helpers/server-session.ts';
import {startEndless, untilBusy} from '../helpers/stuck-script.ts';
import {isConnected} from '../helpers/survey-census.ts';
import {fill, openSurvey, surveyName} from '../helpers/survey-run.ts';
import {until} from '../helpers/until.ts';

describe('what a survey looks at', () => {
	it('is the database of the target and no other', async () => {
		const redis = await startForTest();
		await redis.call('SET', 'elsewhere:1', 'x');
		await redis.call('SELECT', '3');
		await fill(redis, 10, index => ['SET', `other:${index}`, 'x']);
		for (let index = 0; index < 30; index += 1) await redis.call('SET', `here:${index}`, 'x');
		const survey = await openSurvey(`${redis.url}/3`);
		const {db, result, progress} = await survey.run();
		expect(db).toBe(3);
		expect(progress).toMatchObject({scannedKeys: 30, totalKeys: 30, measuredKeys: 30, everyNth: 1});
		expect(result?.prefixes).toMatchObject([{name: 'here:*', keys: 30, keysError: 0, bytesError: 0, withoutTtl: 1, withoutTtlError: 0}]);
	});

	it('are names of any bytes', async () => {
		const redis = await startForTest();
		const survey = await openSurvey(redis.url);
		// As Java serialises a string: no UTF-8.
		await redis.call('EVAL', "for i = 1, 50 do redis.call('SET', '\\172\\237\\0\\5t\\0\\12users:' .. i, string.rep('x', 1000)) end", '0');
		await redis.call('SET', 'größe:1', 'y');
		const {result, progress} = await survey.run();
		expect(progress).toMatchObject({scannedKeys: 51, measuredKeys: 51});
		expect(result?.prefixes.map(({name, keys}) => [name, keys])).toEqual([
			['\\xac\\xed\u0000\u0005t\u0000\fusers:*', 50],
			['größe:1', 1],
		]);
		expect(result?.bigKeys[0]).toMatchObject({type: 'string', length: 1000});
	});

	it('may be nothing', async () => {
		const redis = await startForTest();
		const {ending, result, progress} = await (await openSurvey(redis.url)).run();
		expect(ending?.kind).toBe('finished');
		expect(progress).toMatchObject({scannedKeys: 0, totalKeys: 0});
		expect(result).toBeUndefined();
	});
});

describe('a user who may not', () => {
	const start = async (rights: string) => {
		const redis = await startForTest({acl: [`limited on >pa55 ${rights}`]});
		await fill(redis, 200, index => ['SET', `${index % 2 === 0 ? 'open' : 'closed'}:${index}`, 'x', ...(index % 4 === 0 ? ['EX', '9999'] : [])]);
		return openSurvey(['-p', String(redis.port), '--user', 'limited', '-a', 'pa55']);
	};

	it('ask for MEMORY USAGE learns the keys, and which command was missing', async () => {
		const survey = await start('~* +@all -memory');
		const {ending, progress, result} = await survey.run();
		expect(ending?.kind).toBe('finished');
		expect(progress?.refused).toMatchObject([{command: 'MEMORY USAGE', reason: expect.stringContaining('NOPERM')}]);
		expect(result?.prefixes).toMatchObject([
			{name: 'closed:*', keys: 100, bytes: undefined, withoutTtl: 1},
			{name: 'open:*', keys: 100, bytes: undefined, withoutTtl: 0.5},
		]);
	});

	it('ask for any of it learns how many keys there are', async () => {
		const survey = await start('~* +@all -memory -type -pttl -dbsize');
		const {ending, progress, result} = await survey.run();
		expect(ending?.kind).toBe('finished');
		expect(progress?.refused.map(({command}) => command).toSorted()).toEqual(['DBSIZE', 'MEMORY USAGE', 'PTTL', 'TYPE']);
		expect(result?.total).toMatchObject({keys: 200, bytes: undefined, withoutTtl: undefined});
	});

	it('scan is told so', async () => {
		const survey = await start('~* +@all -scan');
		const {ending, result} = await survey.run();
		expect(ending).toMatchObject({kind: 'refused', detail: expect.stringMatching(/^SCAN: NOPERM/)});
		expect(result).toBeUndefined();
	});

	it('see some of the keys learns of the others how many there are', async () => {
		const survey = await start('~open:* +@all');
		const {ending, progress, result} = await survey.run();
		expect(ending?.kind).toBe('finished');
		expect(progress).toMatchObject({refused: [], hiddenKeys: 100, measuredKeys: 100});
		expect(result?.prefixes).toMatchObject([
			{name: 'open:*', keys: 100, withoutTtl: 0.5},
			{name: 'closed:*', keys: 100, bytes: undefined},
		]);
	});
});

describe('a server in trouble', () => {
	const underWay = async () => {
		const redis = await startForTest({conf: {'busy-reply-threshold': 100}});
		await fill(redis, 50_000, index => ['SET', `k:${index}`, 'x']);
		const survey = await openSurvey(redis.url);
		const ended = survey.run();
		await survey.untilScanned(1000);
		return {redis, survey, ended};
	};

	it('that falls silent: it stops with what it has', async () => {
		const {redis, ended} = await underWay();
		redis.signal('SIGSTOP');
		const {ending, result} = await ended;
		redis.signal('SIGCONT');
		expect(ending).toMatchObject({kind: 'broken', detail: expect.stringMatching(/^no reply to \w+ in 2000 ms/)});
		expect(result?.prefixes[0]).toMatchObject({name: 'k:*'});
		await until('its connection has gone', async () => !(await isConnected(redis)));
	});

	it('that is silent: stopped by hand it ends at once', async () => {
		const {redis, survey, ended} = await underWay();
		redis.signal('SIGSTOP');
		const stoppedAtMs = Date.now();
		survey.surveyor.stop();
		expect((await ended).ending?.kind).toBe('stopped');
		expect(Date.now() - stoppedAtMs).toBeLessThan(200);
		redis.signal('SIGCONT');
	});

	it('that is BUSY: it stops and says so', async () => {
		const {redis, ended} = await underWay();
		await startEndless(redis, ['EVAL', 'while true do end', '0']);
		await untilBusy(redis);
		const {ending} = await ended;
		expect(ending).toMatchObject({kind: 'broken', detail: expect.stringContaining('BUSY')});
		await redis.call('SCRIPT', 'KILL');
	});

	it('that drops the connection: it stops, and does not come back', async () => {
		const {redis, survey, ended} = await underWay();
		const row = String(await redis.call('CLIENT', 'LIST'))
			.split('\n')
			.find(line => line.includes(`name=${surveyName} `));
		await redis.call('CLIENT', 'KILL', 'ID', /^id=(\d+)/.exec(row ?? '')?.[1] ?? '');
		const {ending, progress} = await ended;
		expect(ending?.kind).toBe('broken');
		expect(progress?.scannedKeys).toBeGreaterThan(0);
		const again = survey.run();
		await survey.untilScanned(500);
		expect(survey.latest().ending).toBeUndefined();
		survey.surveyor.stop();
		await again;
	});

	it('that is not there', async () => {
		const redis = await startForTest();
		const survey = await openSurvey(redis.url);
		await redis.kill();
		expect((await survey.run()).ending).toMatchObject({kind: 'broken', detail: expect.stringContaining('refused')});
	});
});

it('surveys once at a time, on a connection of its own name', async () => {
	const redis = await startForTest();
	await fill(redis, 20_000, index => ['SET', `k:${index}`, 'x']);
	const survey = await openSurvey(redis.url);
	const ended = survey.run();
	await survey.untilScanned(500);
	await survey.surveyor.start();
	expect(survey.latest().ending).toBeUndefined();
	const names = String(await redis.call('CLIENT', 'LIST'))
		.split('\n')
		.filter(line => line.includes(`name=${surveyName} `));
	expect(names).toHaveLength(1);
	survey.surveyor.stop();
	await ended;
	await until('its connection has gone', async () => !(await isConnected(redis)));
});
