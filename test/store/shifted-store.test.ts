import {describe, expect, it} from 'vitest';
import {type Shift, shiftedStore} from '../../src/store/shifted-store.ts';
import type {ActionStatus} from '../../src/store/store.ts';
import {changeUi} from '../../src/store/ui-commands.ts';
import {noonMs, stateWith, storeWith} from '../helpers/fixtures.ts';

const kill: ActionStatus = {
	id: 'script.kill',
	title: 'Stop the running script',
	danger: 'disruptive',
	sends: 'SCRIPT KILL',
	pane: 'scripts',
	refusal: undefined,
	needsChoice: false,
	isReadOnly: false,
	takesRow: false,
	asks: false,
};

const pastMs = noonMs - 60_000;
const past: Shift = {
	moment: stateWith({nowMs: pastMs}),
	position: {kind: 'past', fromMs: noonMs - 90_000, toMs: noonMs, atMs: pastMs, isPlaying: false, speed: 1},
};

describe('a store that shows another moment', () => {
	it('shows the present until it is told otherwise, and again afterwards', () => {
		const present = storeWith({actions: [kill]});
		const {store, show} = shiftedStore(present);
		expect(store.getState()).toBe(present.getState());
		show(past);
		expect(store.getState()).toMatchObject({nowMs: pastMs, playback: {atMs: pastMs, watchedAtMs: noonMs, present: {kind: 'OK'}}});
		present.setState({nowMs: noonMs + 100});
		expect(store.getState().nowMs).toBe(pastMs);
		show(undefined);
		expect(store.getState()).toBe(present.getState());
		expect(store.getState().nowMs).toBe(noonMs + 100);
	});

	it('has one view: what keys change in it is changed in the present, which is told at once', () => {
		const present = storeWith();
		const {store, show} = shiftedStore(present);
		show(past);
		let told = 0;
		store.subscribe(() => told++);
		changeUi(store, () => ({view: 'clients', focus: 'clients'}));
		expect(present.getState().ui.view).toBe('clients');
		expect(store.getState().ui.view).toBe('clients');
		expect(told).toBe(1);
	});

	it('lets nothing of another moment into the present but the view', () => {
		const present = storeWith();
		const {store, show} = shiftedStore(present);
		show(past);
		store.setState(({ui}) => ({nowMs: 1, timeline: [], ui: {...ui, view: 'ha'}}));
		expect(present.getState().nowMs).toBe(noonMs);
		expect(present.getState().ui.view).toBe('ha');
	});

	it('refuses every action, with the way back', () => {
		const {store, show} = shiftedStore(storeWith({actions: [kill]}));
		show(past);
		expect(store.getState().actions).toMatchObject([{id: 'script.kill', refusal: 'This is not now: Esc comes back to it'}]);
	});

	it('tells once a second how it is now', () => {
		const present = storeWith();
		const {store, show} = shiftedStore(present);
		show(past);
		let told = 0;
		store.subscribe(() => told++);
		for (const ms of [100, 400, 1000, 1400, 2000]) present.setState({nowMs: noonMs + ms});
		expect(told).toBe(2);
		expect(store.getState().playback?.watchedAtMs).toBe(noonMs + 2000);
	});
});
