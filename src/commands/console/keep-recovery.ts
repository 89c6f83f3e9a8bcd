import type {Clock} from '../../clock.ts';
import type {Config} from '../../config/config.ts';
import {nextIncident} from '../../diagnosis/incident.ts';
import {recoveryItems} from '../../diagnosis/recovery.ts';
import {saysTheSame} from '../../store/recovery.ts';
import type {ConsoleStore} from '../../store/store.ts';
import {queueLines} from '../queue-lines.ts';
import type {HttpGet} from './http-check.ts';

type Options = {
	readonly store: ConsoleStore;
	readonly clock: Clock;
	readonly config: Pick<Config, 'thresholds' | 'queues' | 'checks'>;
	readonly get: HttpGet;
	readonly signal: AbortSignal;
};

/** Between two rounds of HTTP checks while somebody looks. */
const askEveryMs = 10_000;

/** Keep what a recovery is measured by; and while the recovery list is open the list itself, with the checks asked one after the other. */
export function keepRecovery(options: Options): void {
	const {store, config} = options;
	const {thresholds, checks} = config;
	const lines = {thresholds, queueLinesOf: queueLines(config.queues.rules)};
	store.setState({recovery: {items: [], checks: checks.map(({name, status}) => ({name, expected: status, last: undefined}))}});
	let asking: AbortController | undefined;
	let seen: readonly unknown[] = [];
	const follow = () => {
		const state = store.getState();
		const inputs = [state.findings, state.snapshot.server, state.snapshot.queues];
		// A look at every queue is too much for every key that is pressed.
		if (inputs.some((input, index) => input !== seen[index])) {
			seen = inputs;
			const incident = nextIncident(state.incident, state, lines);
			if (incident !== state.incident) store.setState({incident});
		}
		const isOpen = store.getState().ui.overlay?.kind === 'recovery';
		if (isOpen) keepItems(options);
		if (isOpen && !asking) {
			asking = new AbortController();
			void askAll(options, asking.signal);
		} else if (!isOpen) {
			asking?.abort();
			asking = undefined;
		}
	};
	options.signal.addEventListener('abort', () => asking?.abort(), {once: true});
	store.subscribe(follow);
	follow();
}

function keepItems({store, config}: Options): void {
	const state = store.getState();
	const items = recoveryItems(state, config.thresholds);
	if (!saysTheSame(items, state.recovery.items)) store.setState({recovery: {...state.recovery, items}});
}

async function askAll({store, clock, config: {checks}, get}: Options, signal: AbortSignal): Promise<void> {
	if (checks.length === 0) return;
	while (!signal.aborted) {
		for (const [index, {url}] of checks.entries()) {
			const askedAtMs = clock.now();
			const {status, error} = await get(url, signal);
			if (signal.aborted) return;
			const atMs = clock.now();
			const last = {atMs, tookMs: atMs - askedAtMs, status, error};
			store.setState(({recovery}) => ({recovery: {...recovery, checks: recovery.checks.map((check, at) => (at === index ? {...check, last} : check))}}));
		}
		await clock.sleep(askEveryMs, signal);
	}
}
