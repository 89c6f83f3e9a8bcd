import {expect, it} from 'vitest';
import {takesWork, takesWrites} from '../../src/actions/checks.ts';
import type {StateKind} from '../../src/store/server-state.ts';
import {stateWith} from '../helpers/fixtures.ts';

it.each<[StateKind, boolean, boolean]>([
	['OK', true, true],
	['OOM', true, true],
	['MAXCLIENTS', true, true],
	['READONLY', false, true],
	['NOREPLICAS', false, true],
	['MISCONF', false, true],
	['CLUSTERDOWN', false, true],
	['LOADING', false, false],
	['MASTERDOWN', false, false],
])('in %s writes are taken: %s, work on the data: %s', (kind, writes, work) => {
	const state = stateWith({server: {kind}});
	expect([takesWrites(state).ok, takesWork(state).ok]).toEqual([writes, work]);
	if (!writes) expect(takesWrites(state).reason).toMatch(/\w/);
});

it('a replica that takes writes is let write, one that does not say so is not', () => {
	expect(takesWrites(stateWith({info: {role: 'replica', replicaReadOnly: false}})).ok).toBe(true);
	expect(takesWrites(stateWith({info: {role: 'replica'}})).ok).toBe(false);
});
