import {diagnose} from '../../src/diagnosis/diagnose.ts';
import {defaultThresholds, type Thresholds} from '../../src/diagnosis/thresholds.ts';
import type {Finding} from '../../src/store/finding.ts';
import {appendSample, emptyHistory, type History, type VitalName} from '../../src/store/history.ts';
import type {ConsoleState} from '../../src/store/store.ts';
import {noonMs, type StateParts, stateWith} from '../helpers/fixtures.ts';

export const gib = 1024 ** 3;
export const mib = 1024 ** 2;

export const replica = {address: '10.0.0.2:6379', state: 'online', offset: 5000, lagSeconds: 1} as const;

/** A server on which nothing is to be found: room to grow, a replica in sync, an append-only file. */
const healthy = {
	maxMemoryBytes: 4 * gib,
	usedMemoryBytes: gib,
	masterReplOffset: 5000,
	connectedReplicas: 1,
	replicas: [replica],
	aofEnabled: true,
	aofLastWriteOk: true,
	aofLastRewriteOk: true,
	lastSaveOk: true,
} as const;

export const healthyState = (parts: StateParts = {}): ConsoleState => stateWith({...parts, info: {...healthy, ...parts.info}});

export const found = (parts: StateParts, thresholds: Partial<Thresholds> = {}): readonly Finding[] =>
	diagnose(healthyState(parts), {...defaultThresholds, ...thresholds});

export const find = (id: string, parts: StateParts, thresholds?: Partial<Thresholds>): Finding | undefined =>
	found(parts, thresholds).find(finding => finding.id === id);

/** It was found a moment ago. */
export const standing = (id: string): Pick<StateParts, 'findings'> => ({
	findings: [{id, severity: 'P1', title: 'as it was', evidence: '', meaning: [], components: [], remedies: [], over: ''}],
});

/** A vital's values up to noon, one every `everyMs`. */
export const course = (name: VitalName, values: readonly (number | undefined)[], everyMs = 1000): History =>
	values.reduce<History>((history, value, index) => appendSample(history, noonMs - (values.length - 1 - index) * everyMs, {[name]: value}), emptyHistory);

/** `count` times the same. */
export const times = <T>(count: number, value: T): readonly T[] => Array.from({length: count}, () => value);
