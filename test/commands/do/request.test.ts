import {describe, expect, it} from 'vitest';
import {defineAction} from '../../../src/actions/define-action.ts';
import {registryOf} from '../../../src/actions/registry.ts';
import type {AnyAction} from '../../../src/actions/types.ts';
import {whyNotConfirmed} from '../../../src/commands/do/consent.ts';
import {toAsked} from '../../../src/commands/do/request.ts';
import {simple} from '../../helpers/action-run.ts';

const initial = () => '';
const byPattern: AnyAction = {
	...defineAction<null>({
		id: 'test.pattern',
		title: 'By a pattern',
		danger: 'destructive',
		pane: 'memory',
		doc: {sends: '', does: '', cost: '', verify: '', undo: ''},
		on: 'a key pattern',
		params: [
			{name: 'match', aliases: ['pattern'], hint: 'a pattern', initial},
			{name: 'count', hint: 'a number', initial},
		],
		target: () => null,
		facts: () => [],
		checks: () => [],
		plan: () => [],
		effect: () => [],
		affects: () => '',
		cost: () => '',
		evidence: [],
		verify: () => ({ok: true, detail: ''}),
		undo: () => ({none: ''}),
	}),
};
const registry = registryOf([byPattern, simple('safe')]);
const ask =
	(actionId: string, on: readonly string[] = [], set: Readonly<Record<string, string>> = {}) =>
	() =>
		toAsked({actionId, on, set}, registry);

describe('what was asked for', () => {
	it.each([
		[ask('client.kil', ['7']), 'there is no action client.kil: did you mean client.kill?'],
		[ask('nobody.knows'), 'there is no action nobody.knows: redis-triage actions lists them'],
		[ask('client.kill'), 'client.kill needs --on with a client id: what a cursor would choose on the screen must be named here'],
		[ask('test.pattern', [], {count: '3'}), 'test.pattern needs --on with a key pattern: what a cursor would choose on the screen must be named here'],
		[ask('script.kill', ['7']), '--on: script.kill has nothing to name, so leave it out'],
		[ask('script.raise-limit', [], {mss: '1'}), 'script.raise-limit: --set mss: did you mean ms?'],
		[ask('script.kill', [], {ms: '1'}), 'script.kill: There is nothing to set here: leave --set ms out'],
	])('%#', (act, message) => expect(act).toThrow(message));

	it('is what the registry has, the operator’s own too', () => {
		expect(ask('client.kill', ['7', '8'])()).toMatchObject({action: {id: 'client.kill'}, choice: {on: ['7', '8'], set: {}}});
		expect(ask('test.simple')()).toMatchObject({action: {id: 'test.simple'}});
	});

	it('takes what it acts on from --set, where the action has it there too', () => {
		expect(ask('test.pattern', [], {match: 'rl:*'})()).toMatchObject({choice: {set: {match: 'rl:*'}}});
		expect(ask('test.pattern', [], {pattern: 'rl:*'})()).toMatchObject({choice: {set: {pattern: 'rl:*'}}});
		expect(ask('test.pattern', ['rl:*'])()).toMatchObject({choice: {on: ['rl:*']}});
	});
});

describe('consent', () => {
	const none = {yes: false, confirm: undefined};
	it.each([
		['none', none],
		['yes', {yes: true, confirm: undefined}],
		['yes', {yes: false, confirm: 'prod'}],
		['word:prod', {yes: false, confirm: 'prod'}],
		['word:prod', {yes: true, confirm: 'prod'}],
	] as const)('%s: %j is enough', (wanted, flags) => expect(whyNotConfirmed(wanted, flags, 'prod')).toBeUndefined());

	it.each([
		['yes', none, '--yes runs it'],
		['word:prod', none, '--confirm prod runs it'],
		['word:prod', {yes: true, confirm: undefined}, 'it is destructive, so --yes is not enough: --confirm prod runs it'],
		['word:prod', {yes: true, confirm: 'Prod'}, '--confirm must be prod, the name of the target'],
		['yes', {yes: true, confirm: 'staging'}, '--confirm must be prod, the name of the target'],
		['none', {yes: false, confirm: 'staging'}, '--confirm must be prod, the name of the target'],
	] as const)('%s: %j is not', (wanted, flags, why) => expect(whyNotConfirmed(wanted, flags, 'prod')).toBe(`redis-triage: not run, nothing was sent: ${why}`));
});
