import {describe, expect, it} from 'vitest';
import {emptyResource, refused} from '../../src/store/resource.ts';
import {noonMs, type StateParts} from '../helpers/fixtures.ts';
import {find, found} from './healthy.ts';

const noonSeconds = noonMs / 1000;
const points = {save: '3600 1 300 100 60 10000'} as const;
const rdb = 'MISCONF Redis is configured to save RDB snapshots, but it’s currently unable to persist to disk.';
const ids = (parts: StateParts) => found(parts).map(({id}) => id);

describe('persistence.misconf', () => {
	it.each([
		[rdb, 'the last snapshot could not be written', ['config.stop-writes-on-bgsave-error', 'persistence.bgsave', 'config.save']],
		['MISCONF Errors writing to the AOF file: No space left on device', 'the append-only file cannot be written', ['config.appendonly']],
		['MISCONF something new', 'saving to disk fails', ['config.stop-writes-on-bgsave-error', 'persistence.bgsave']],
	])('%s: %s', (detail, what, remedies) => {
		const parts: StateParts = {server: {kind: 'MISCONF', detail}, info: {lastSaveOk: false, lastSaveAtSeconds: noonSeconds - 90, changesSinceSave: 1204}};
		expect(ids(parts)).toEqual(['persistence.misconf']);
		expect(find('persistence.misconf', parts)).toMatchObject({
			severity: 'P0',
			title: `Writes are refused: ${what}`,
			evidence: `last save 11:58:30Z, 1m30s ago, 1,204 changes since; ${detail}`,
			remedies,
		});
	});
});

describe('persistence.bgsave-failed', () => {
	it.each([
		['the last save', {lastSaveOk: false}, 'The last snapshot has failed', ['persistence.bgsave']],
		['the last rewrite', {aofLastRewriteOk: false}, 'The last rewrite of the append-only file has failed', ['persistence.aof-rewrite']],
		['the last write of the AOF, on a replica', {aofLastWriteOk: false, role: 'replica'}, 'The append-only file could not be written', ['config.appendonly']],
	] as const)('%s', (_what, info, title, remedies) => {
		expect(find('persistence.bgsave-failed', {info})).toMatchObject({severity: 'P1', title, remedies});
	});

	it.each([
		['all went well', {}],
		['nothing is told', {lastSaveOk: undefined, aofLastWriteOk: undefined, aofLastRewriteOk: undefined}],
		['a rewrite failed while there was an AOF', {aofLastRewriteOk: false, aofEnabled: false}],
	])('is not told when %s', (_what, info) => expect(find('persistence.bgsave-failed', {info})).toBeUndefined());

	it('gives way to persistence.misconf', () => {
		expect(ids({info: {lastSaveOk: false}, server: {kind: 'MISCONF', detail: rdb}})).toEqual(['persistence.misconf']);
	});
});

describe('persistence.off', () => {
	const off = {aofEnabled: false, keyspace: [{db: 0, keys: 26, expires: 0, avgTtlMs: 0}]};

	it.each([
		['snapshots only', points, 'The append-only file is off: a crash loses what changed since the last snapshot', `save ${points.save}`],
		['nothing at all', {save: ''}, 'Nothing is saved by itself: a restart begins empty, or with an old snapshot', 'no save points'],
	])('%s', (_what, settings, title, evidence) => {
		expect(find('persistence.off', {info: off, settings})).toMatchObject({severity: 'P2', title, evidence: `appendonly no; ${evidence}; 26 keys`});
	});

	it('says so where the save points cannot be read, and waits where they have not been read yet', () => {
		const settings = refused(emptyResource, 'CONFIG GET', 'NOPERM');
		expect(find('persistence.off', {info: off, snapshot: {settings}})).toMatchObject({
			title: 'The append-only file is off',
			evidence: 'appendonly no; save points not known; 26 keys',
		});
		expect(find('persistence.off', {info: off})).toBeUndefined();
	});

	it.each([
		['there is an AOF', {aofEnabled: true}],
		['it is not told whether there is one', {aofEnabled: undefined}],
		['it is a replica', {...off, role: 'replica'}],
	] as const)('is not told when %s', (_what, info) => expect(find('persistence.off', {info, settings: {save: ''}})).toBeUndefined());
});

describe('persistence.stale', () => {
	const saved = (agoSeconds: number, change: NonNullable<StateParts['info']> = {}): StateParts => ({
		info: {aofEnabled: false, lastSaveAtSeconds: noonSeconds - agoSeconds, changesSinceSave: 1, ...change},
		settings: points,
	});

	it.each([
		['15 minutes', saved(900), true],
		['a second less', saved(899), false],
		['without a change', saved(9000, {changesSinceSave: 0}), false],
		['with an AOF', saved(9000, {aofEnabled: true}), false],
		['where no snapshots are to be taken', {...saved(9000), settings: {save: ''}}, false],
		['where the settings are not known', {...saved(900), settings: {}}, true],
		['before the settings have been asked for', {...saved(9000), snapshot: {settings: emptyResource}}, false],
		['a server whose clock is five minutes behind ours', saved(1100, {clockMs: noonMs - 300_000}), false],
	])('%s: %s', (_what, parts, expected) => expect(find('persistence.stale', parts) !== undefined).toBe(expected));

	it('cannot flap: it ends with a save', () => {
		const [finding] = found(saved(900)).filter(({id}) => id === 'persistence.stale');
		expect(find('persistence.stale', {...saved(1), findings: finding ? [finding] : []})).toBeUndefined();
	});

	it('gives the figures', () => {
		expect(find('persistence.stale', saved(1320, {changesSinceSave: 1204, saveInProgress: true}))).toMatchObject({
			severity: 'P2',
			title: 'No snapshot for 22m00s, and 1,204 changes since',
			evidence: `last one at 11:38:00Z; one is being taken now; save ${points.save}`,
			remedies: ['persistence.bgsave', 'config.save', 'config.appendonly'],
		});
	});
});
