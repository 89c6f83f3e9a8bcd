import {describe, expect, it} from 'vitest';
import type {ServerInfo} from '../../../src/redis/parse/server-info.ts';
import type {Survey} from '../../../src/store/survey.ts';
import {groupCells} from '../../../src/views/memory/memory-tables.ts';
import {surveyLines} from '../../../src/views/memory/survey-lines.ts';
import {noonMs, serverInfo} from '../../helpers/fixtures.ts';
import {fullInfo, group, progress, shown, surveyed, surveying} from './memory-fixtures.ts';

const mebi = 1024 ** 2;

type Told = {readonly datasetBytes?: number | undefined; readonly info?: Partial<ServerInfo>};

function textOf(survey: Survey, told: Told = {}, isOld = false): string {
	const {datasetBytes, info} = {datasetBytes: 3266 * mebi, info: {}, ...told};
	const state = isOld ? {latest: {...surveying, result: undefined}, shown: survey} : shown(survey);
	const lines = surveyLines({survey: state, info: serverInfo({...fullInfo, ...info}), datasetBytes, db: 0, nowMs: noonMs, ascii: false, width: 200});
	return lines.map(parts => parts.map(({text}) => text).join('')).join('\n');
}

describe('what the sum compares with', () => {
	const alone = {info: {keyspace: [{db: 0, keys: 5, expires: 0, avgTtlMs: undefined}]}};
	const stopped = (isExtended: boolean): Survey => ({
		...surveyed,
		progress: progress({isExtended, scannedKeys: 1000}),
		ending: {kind: 'stopped', detail: '', atMs: noonMs},
	});

	it('is what the server says', () => {
		expect(textOf(surveyed, alone)).toContain('adds up to 3.0G of 3.2G data, ');
		expect(textOf(surveying, alone)).toContain('adds up to 3.0G of 3.2G data, ');
		expect(textOf(stopped(true), alone)).toContain('adds up to');
	});

	it('is of all databases where there are others', () => expect(textOf(surveyed)).toContain('adds up to 3.0G of 3.2G data in all databases, '));

	it.each<[string, string]>([
		['the server does not say', textOf(surveyed, {datasetBytes: undefined, ...alone})],
		['only a part was seen and stands for itself', textOf(stopped(false), alone)],
		['it is the survey before', textOf(surveyed, alone, true)],
	])('is not told where %s', (_what, text) => expect(text).not.toMatch(/adds up to .* data/));
});

describe('a kind of key of which too few were seen', () => {
	const rare = group({name: 'report:export:*', keys: 1, isAtLeast: true, bytes: 5 * mebi, bytesError: 0});
	const texts = (ascii: boolean, change = {}) =>
		groupCells({...rare, ...change}, 50 * mebi, ascii)
			.slice(1, 4)
			.map(cell => (typeof cell === 'string' ? cell : cell.text));

	it('is shown as what was seen, at least', () => {
		expect(texts(false)).toEqual(['≥1', '≥5.0M', 'seen']);
		expect(texts(true)).toEqual(['>=1', '>=5.0M', 'seen']);
		expect(texts(false, {bytes: undefined})).toEqual(['≥1', '–', '']);
		expect(texts(false, {isAtLeast: false})).toEqual(['1', '5.0M', '±0%']);
	});
});
