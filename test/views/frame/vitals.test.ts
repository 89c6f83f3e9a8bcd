import {describe, expect, it} from 'vitest';
import {emptyHistory} from '../../../src/store/history.ts';
import type {Vitals} from '../../../src/store/vitals.ts';
import {vitalLines} from '../../../src/views/frame/vitals.ts';
import {noonMs} from '../../helpers/fixtures.ts';

describe('the last save', () => {
	const saved = (vitals: Vitals) =>
		vitalLines({vitals, history: emptyHistory, nowMs: noonMs, staleSeconds: undefined, ascii: false}, 200, 2)
			.map(spans => spans.map(({text}) => text).join(''))
			.join('\n')
			.match(/saved (.*?) *$/m)?.[1];

	it.each<[string, Vitals, string]>([
		['tells its age', {lastSaveAtSeconds: noonMs / 1000 - 90}, '1m30s ago'],
		['tells what has changed since', {lastSaveAtSeconds: noonMs / 1000 - 90, changesSinceSave: 1204}, '1m30s ago (1.2k since)'],
		['is not the start that a server tells which has not saved', {lastSaveAtSeconds: noonMs / 1000 - 90, hasNotSaved: true}, 'not yet'],
		['is still to come, with what it will have', {lastSaveAtSeconds: noonMs / 1000 - 90, hasNotSaved: true, changesSinceSave: 7}, 'not yet (7 since)'],
		['is not known', {}, '–'],
	])('%s', (_what, vitals, text) => expect(saved(vitals)).toBe(text));
});
