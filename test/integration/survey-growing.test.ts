import {expect, it} from 'vitest';
import {infoField} from '../helpers/demo-console.ts';
import {startForTest} from '../helpers/server-session.ts';
import {fill, openSurvey} from '../helpers/survey-run.ts';
import {until} from '../helpers/until.ts';

const session = (index: number) => ['SET', `sess:${Math.imul(index, 2_654_435_761) >>> 0}`, 'v'.repeat(100 + (index % 50)), 'EX', '36000'];
const letters = [...'abcdefghijklmnopqrst'];

it('a server that fills up: figures stand for what is there now, and a single key never for twenty', {timeout: 60_000}, async () => {
	const redis = await startForTest();
	await fill(redis, 60_000, session);
	await fill(redis, letters.length, index => ['SET', `${letters[index] ?? ''}:export:2025`, 'v'.repeat(1_000_000)]);
	const survey = await openSurvey(redis.url, {limits: {share: 0.2}});
	const ended = survey.run();

	const rareSeen = () => survey.latest().result?.prefixes.filter(({name}) => name !== 'sess:*') ?? [];
	await until('some large keys have been seen', () => rareSeen().length >= 5, 20_000);
	const client = await redis.connect();
	const used = Number(await infoField(client, 'used_memory'));
	const early = survey.latest();
	const rare = rareSeen();
	expect(rare.filter(({keys, isAtLeast, bytes = 0}) => keys !== 1 || !isAtLeast || bytes > 1_300_000)).toEqual([]);
	const {bytes = 0, bytesError = 0} = early.result?.total ?? {};
	// `used` holds what is no key as well: a twentieth at most here.
	expect(Math.abs(bytes - used)).toBeLessThan(bytes * bytesError + used * 0.05);

	await fill(redis, 60_000, index => session(index + 60_000));
	const {progress, result, ending} = await ended;
	const now = Number(await client.call('DBSIZE'));
	client.close();
	expect(ending?.kind).toBe('finished');
	expect(now).toBe(120_000 + letters.length);
	expect(progress?.totalKeys).toBe(now);
	expect(result?.total.keys).toBeGreaterThan(now * 0.98);
	const sessions = result?.prefixes.find(({name}) => name === 'sess:*');
	expect(Math.abs((sessions?.keys ?? 0) / 120_000 - 1)).toBeLessThan(0.02);
	if (process.env.SURVEY_FIGURES)
		process.stderr.write(`${JSON.stringify({early: early.progress, used, earlyTotal: early.result?.total, progress, total: result?.total})}\n`);
});
