import {onTestFinished} from 'vitest';
import {systemClock} from '../../src/clock.ts';
import {noSurvey, type Survey, type SurveyState} from '../../src/store/survey.ts';
import {Surveyor, type SurveyorOptions} from '../../src/survey/surveyor.ts';
import type {TestRedis} from './redis-server.ts';
import {targetOf} from './server-session.ts';
import {until} from './until.ts';

export const surveyName = 'redis-triage:tester@test:survey';

/** A surveyor on a real server, and what it has told so far. */
export async function openSurvey(where: string | readonly string[], options: Partial<SurveyorOptions> = {}) {
	let state: SurveyState = noSurvey;
	const sent: (readonly string[])[] = [];
	const surveyor = new Surveyor({
		target: await targetOf(typeof where === 'string' ? [where] : where),
		name: surveyName,
		clock: systemClock,
		components: [],
		report: change => {
			state = change(state);
		},
		onSend: argv => sent.push(argv),
		...options,
	});
	onTestFinished(() => surveyor.stop());
	const latest = (): Survey => {
		if (!state.latest) throw new Error('no survey was started');
		return state.latest;
	};
	return {
		surveyor,
		sent,
		state: () => state,
		latest,
		/** Resolves to the survey when it has ended. */
		async run(): Promise<Survey> {
			await surveyor.start();
			return latest();
		},
		untilScanned: (keys: number) => until(`${keys} keys have been scanned`, () => (state.latest?.progress?.scannedKeys ?? 0) >= keys, 20_000),
	};
}

/** Write commands by the thousand. */
export async function fill(redis: TestRedis, count: number, command: (index: number) => readonly string[]): Promise<void> {
	const client = await redis.connect();
	for (let from = 0; from < count; from += 2000) {
		await client.pipeline(Array.from({length: Math.min(2000, count - from)}, (_, offset) => command(from + offset)));
	}
	client.close();
}
