import {describe, expect, it} from 'vitest';
import {actions} from '../../src/actions/registry.ts';
import {diagnose, rules} from '../../src/diagnosis/diagnose.ts';
import {defaultThresholds} from '../../src/diagnosis/thresholds.ts';
import {noonMs, type StateParts, stateWith} from '../helpers/fixtures.ts';

const found = (parts: StateParts) => diagnose(stateWith(parts), defaultThresholds);
const ids = (parts: StateParts) => found(parts).map(({id}) => id);

/** One state of the world for every rule. */
const troubles: Readonly<Record<string, StateParts>> = {
	'script.busy': {server: {kind: 'BUSY', running: 'script'}},
	'script.unkillable': {server: {kind: 'BUSY', running: 'script'}, snapshot: {unkillableSinceMs: noonMs}},
	'server.silent': {server: {kind: 'SILENT'}},
	'server.down': {server: {kind: 'DOWN'}, contact: {link: 'broken'}},
	'clients.maxed': {server: {kind: 'MAXCLIENTS'}},
	'clients.high': {info: {connectedClients: 90, maxClients: 100}},
};

it('finds nothing on a healthy server', () => expect(found({})).toEqual([]));

it('has no two rules of one id, and a test for each', () => {
	expect(rules.map(({id}) => id)).toEqual([...new Set(rules.map(({id}) => id))]);
	expect(Object.keys(troubles).toSorted()).toEqual(rules.map(({id}) => id).toSorted());
});

describe.each(Object.entries(troubles))('%s', (id, parts) => {
	it('is found, and over when its cause has gone', () => {
		expect(ids(parts)).toEqual([id]);
		expect(ids({findings: found(parts)})).toEqual([]);
	});

	it('says in full what it is, whom it hits and how one sees that it is over', () => {
		const [finding] = found(parts);
		const texts = [finding?.title, finding?.evidence, finding?.over, ...(finding?.meaning ?? []), ...(finding?.components ?? [])];
		expect(finding?.meaning.length).toBeGreaterThan(0);
		expect(finding?.components.length).toBeGreaterThan(0);
		// What a state fixture does not tell stays empty in the evidence; no text may show a hole.
		for (const text of texts) expect(text).not.toMatch(/undefined|NaN|\[object/);
		for (const text of [finding?.title, finding?.over, ...(finding?.meaning ?? [])]) expect(text?.trim()).not.toBe('');
	});

	it('names only remedies that exist', () => {
		const [finding] = found(parts);
		const known = new Set(actions.map(action => action.id));
		expect(finding?.remedies.filter(remedy => !known.has(remedy))).toEqual([]);
	});
});

it('puts the worst first, whatever the order of the rules', () => {
	const high = {info: {connectedClients: 90, maxClients: 100}, server: {kind: 'SILENT'}} as const;
	for (const table of [rules, rules.toReversed()]) {
		expect(diagnose(stateWith(high), defaultThresholds, table).map(({severity, id}) => [severity, id])).toEqual([
			['P0', 'server.silent'],
			['P1', 'clients.high'],
		]);
	}
});

it('keeps the order of the rules among findings of one severity', () => {
	expect(ids({server: {kind: 'SILENT'}, snapshot: {unkillableSinceMs: noonMs}})).toEqual(['script.unkillable', 'server.silent']);
});

it('returns the very findings it found before while they say the same, and new ones when they do not', () => {
	const parts = {info: {connectedClients: 90, maxClients: 100}};
	const before = found(parts);
	expect(found({...parts, findings: before})).toBe(before);
	expect(found({info: {connectedClients: 91, maxClients: 100}, findings: before})).not.toBe(before);
});
