import {expect, it, onTestFinished, vi} from 'vitest';
import type {SleepSignal} from '../../../src/clock.ts';
import type {HttpGet} from '../../../src/commands/console/http-check.ts';
import {keepRecovery} from '../../../src/commands/console/keep-recovery.ts';
import {defaultConfig} from '../../../src/config/default-config.ts';
import {pacedStore} from '../../../src/store/paced-store.ts';
import {shiftedStore} from '../../../src/store/shifted-store.ts';
import {changeUi} from '../../../src/store/ui-commands.ts';
import {noonMs, storeWith} from '../../helpers/fixtures.ts';

const checks = [
	{name: 'shop', url: 'http://shop/health', status: 200},
	{name: 'api', url: 'http://api/health', status: 204},
];

/** A keeper whose checks and whose time the test owns. */
function setUp() {
	const store = storeWith();
	const asked: string[] = [];
	let wake: () => void = () => {};
	let inFlight = 0;
	let most = 0;
	const slept: number[] = [];
	const get: HttpGet = async url => {
		asked.push(url);
		inFlight += 1;
		most = Math.max(most, inFlight);
		await Promise.resolve();
		inFlight -= 1;
		return url.includes('shop') ? {status: 200} : {error: 'connection refused'};
	};
	const clock = {
		now: () => noonMs,
		sleep: (ms: number, signal: SleepSignal) =>
			new Promise<void>(resolve => {
				slept.push(ms);
				wake = resolve;
				signal.addEventListener('abort', () => resolve());
			}),
	};
	const stop = new AbortController();
	onTestFinished(() => stop.abort());
	keepRecovery({store, clock, config: {...defaultConfig, checks}, get, signal: stop.signal});
	const show = (isOpen: boolean) => changeUi(store, () => ({overlay: isOpen ? {kind: 'recovery', offset: 0} : undefined}));
	return {store, asked, slept, stop, show, wake: () => wake(), most: () => most, recovery: () => store.getState().recovery};
}

it('asks nobody, and makes no list, until somebody looks', async () => {
	const {asked, recovery, store} = setUp();
	store.setState({nowMs: noonMs + 1000});
	await Promise.resolve();
	expect(asked).toEqual([]);
	expect(recovery().items).toEqual([]);
	expect(recovery().checks.map(({name, last}) => [name, last])).toEqual([
		['shop', undefined],
		['api', undefined],
	]);
	expect(store.getState().incident).toMatchObject({calmSinceMs: noonMs});
});

it('has the list at once, asks one check after the other, and again every ten seconds', async () => {
	const {asked, recovery, show, slept, wake, most} = setUp();
	show(true);
	expect(recovery().items.map(({label}) => label)).toContain('shop answers 200');
	await vi.waitFor(() => expect(slept).toEqual([10_000]));
	expect(asked).toEqual(['http://shop/health', 'http://api/health']);
	expect(most()).toBe(1);
	const last = {atMs: noonMs, tookMs: 0, status: undefined, error: undefined};
	expect(recovery().checks.map(check => check.last)).toEqual([
		{...last, status: 200},
		{...last, error: 'connection refused'},
	]);
	expect(recovery().items.slice(-2)).toMatchObject([{ok: true}, {ok: false, detail: 'connection refused, 0s ago'}]);
	wake();
	await vi.waitFor(() => expect(slept).toHaveLength(2));
	expect(asked).toHaveLength(4);
});

it('is whole in the frame that opens it, also when it is opened again', () => {
	const {store, show} = setUp();
	const shown = pacedStore(shiftedStore(store).store, () => noonMs);
	const frames: (string | undefined)[] = [];
	shown.subscribe(({ui, recovery}) => frames.push(ui.overlay && recovery.items[0]?.detail));
	show(true);
	show(false);
	store.setState(({snapshot}) => ({snapshot: {...snapshot, server: {...snapshot.server, kind: 'BUSY', sinceMs: noonMs}}}));
	show(true);
	expect(frames.filter(frame => frame !== undefined)).toEqual(['now', 'BUSY for 0s']);
});

it('ends with the list, keeps what it has seen, and begins again with it', async () => {
	const {asked, recovery, show, slept, wake} = setUp();
	show(true);
	await vi.waitFor(() => expect(slept).toHaveLength(1));
	show(false);
	wake();
	await Promise.resolve();
	expect(asked).toHaveLength(2);
	expect(recovery().checks[0]?.last?.status).toBe(200);
	show(true);
	await vi.waitFor(() => expect(asked).toHaveLength(4));
});

it('follows the world while it is open', () => {
	const {store, show, recovery} = setUp();
	const ping = () => recovery().items[0];
	show(true);
	expect(ping()).toMatchObject({label: 'PING is answered', ok: true});
	store.setState(({snapshot}) => ({snapshot: {...snapshot, server: {kind: 'BUSY', sinceMs: noonMs, detail: ''}}}));
	expect(ping()).toMatchObject({ok: false, detail: 'BUSY for 0s'});
	const {items} = recovery();
	store.setState({nowMs: noonMs});
	expect(recovery().items).toBe(items);
});

it('asks nobody any more when the console ends', async () => {
	const {asked, show, slept, stop, wake} = setUp();
	show(true);
	await vi.waitFor(() => expect(slept).toHaveLength(1));
	stop.abort();
	wake();
	await Promise.resolve();
	expect(asked).toHaveLength(2);
});
