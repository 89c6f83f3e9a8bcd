import {describe, expect, it} from 'vitest';
import {
	isSurveying,
	noSurvey,
	type SurveyChange,
	type SurveyState,
	surveyEnded,
	surveyedShare,
	surveyProgressed,
	surveySecondsLeft,
	surveyStarted,
} from '../../src/store/survey.ts';
import {noonMs} from '../helpers/fixtures.ts';
import {group, progress, surveyed} from '../views/memory/memory-fixtures.ts';

const result = {total: group(), prefixes: [group()], components: [], bigKeys: []};
const stateAfter = (...changes: readonly SurveyChange[]): SurveyState => changes.reduce((state, change) => change(state), noSurvey);
const finished = surveyEnded({kind: 'finished', detail: '', atMs: noonMs});

describe('the state of the survey', () => {
	it('goes from start over progress to its end', () => {
		const started = stateAfter(surveyStarted(3, noonMs));
		expect(isSurveying(noSurvey)).toBe(false);
		expect(isSurveying(started)).toBe(true);
		expect(started).toMatchObject({latest: {db: 3, progress: undefined, result: undefined}, shown: undefined});
		const under = stateAfter(surveyStarted(3, noonMs), surveyProgressed(progress(), undefined), surveyProgressed(progress(), result));
		expect(under.shown).toBe(under.latest);
		const ended = finished(under);
		expect(isSurveying(ended)).toBe(false);
		expect(ended.shown).toMatchObject({result, ending: {kind: 'finished'}});
	});

	it('keeps an earlier result in sight until there is a new one, also when there never is', () => {
		const first = stateAfter(surveyStarted(0, 1), surveyProgressed(progress(), result), finished);
		const second = surveyStarted(0, 2)(first);
		expect(second.shown).toBe(first.latest);
		const broken = surveyEnded({kind: 'broken', detail: 'gone', atMs: 3})(second);
		expect(broken).toMatchObject({latest: {startedAtMs: 2, ending: {kind: 'broken'}}, shown: {startedAtMs: 1}});
		expect(surveyProgressed(progress(), result)(second).shown?.startedAtMs).toBe(2);
	});

	it('keeps the last result when only the progress has changed', () => {
		expect(stateAfter(surveyStarted(0, 1), surveyProgressed(progress(), result), surveyProgressed(progress({scannedKeys: 7}), undefined)).shown).toMatchObject({
			result,
			progress: {scannedKeys: 7},
		});
	});

	it('does not change after its end', () => {
		const ended = stateAfter(surveyStarted(0, 1), surveyProgressed(progress(), result), finished);
		expect(surveyProgressed(progress({scannedKeys: 1}), undefined)(ended)).toEqual(ended);
		expect(finished(noSurvey)).toEqual(noSurvey);
	});
});

describe('how far it is', () => {
	const running = {...surveyed, ending: undefined, startedAtMs: noonMs};

	it.each([
		[0, 1000, 0],
		[250, 1000, 0.25],
		[1010, 1000, 1],
		[5, undefined, undefined],
		[0, 0, 1],
	])('%s of %s keys', (scannedKeys, totalKeys, share) => {
		expect(surveyedShare({...running, progress: progress({scannedKeys, totalKeys})})).toBe(share);
	});

	it.each([
		[10_000, 250, 1000, 30],
		[10_000, 1000, 1000, 0],
		[10_000, 1, 1000, undefined],
		[400, 250, 1000, undefined],
		[10_000, 250, undefined, undefined],
	])('after %s ms with %s of %s keys: %s s left', (elapsedMs, scannedKeys, totalKeys, seconds) => {
		expect(surveySecondsLeft({...running, progress: progress({atMs: noonMs + elapsedMs, scannedKeys, totalKeys})})).toBe(seconds);
	});

	it('is at its end when it is over', () => {
		expect(surveyedShare({...surveyed, progress: progress({scannedKeys: 990, totalKeys: 1000})})).toBe(1);
		expect(surveySecondsLeft(surveyed)).toBeUndefined();
		expect(surveyedShare({...running, progress: undefined})).toBeUndefined();
	});
});
