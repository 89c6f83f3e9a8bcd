import {keepTimeline} from '../../src/commands/console/keep-timeline.ts';
import {defaultConfig} from '../../src/config/default-config.ts';
import {diagnose} from '../../src/diagnosis/diagnose.ts';
import {type Change, type SourceName, sources} from '../../src/poll/sources.ts';
import {withQueueLook} from '../../src/store/queue-history.ts';
import {received} from '../../src/store/resource.ts';
import {withRoundTrip} from '../../src/store/snapshot.ts';
import {chances} from './chances.ts';
import {noonMs, storeWith} from './fixtures.ts';
import {handClock} from './hand-clock.ts';
import {SimulatedQueues} from './simulated-queues.ts';
import {SimulatedServer, type Telling} from './simulated-server.ts';

/**
 * What a console knows of a made-up server, second by second, through the real sources and the real rules: for benchmarks that need hours of it.
 * Whoever wants time to pass lets `clock` pass.
 */
export function simulatedConsole({clients, queues, telling}: {readonly clients: number; readonly queues: number; readonly telling: Telling}) {
	const random = chances(1);
	const server = new SimulatedServer(clients, 2, telling);
	const simulatedQueues = new SimulatedQueues(queues, random);
	const clock = handClock(noonMs);
	const store = storeWith();
	keepTimeline(store, clock);

	/** Seconds from one read to the next, as the console has them. */
	const paces: readonly (readonly [SourceName, number])[] = [
		['info', 1],
		['slowlog', 2],
		['clients', Math.max(2, Math.ceil(clients / 1000))],
		['settings', 30],
		['permissions', 60],
		['commandStats', 10],
	];

	async function read(name: SourceName): Promise<Change> {
		const source = sources.find(each => each.name === name);
		if (!source) throw new Error(`there is no ${name}`);
		return source.read(
			async argv => server.answer(argv),
			store.getState(),
			() => 0,
		);
	}

	const queueLook: Change = (snapshot, atMs) => {
		const list = simulatedQueues.look(atMs, 5);
		const look = {queues: list, atMs, pauseMs: 5000, knowsClients: true};
		return {...snapshot, queues: received(list, atMs), queueHistory: withQueueLook(snapshot.queueHistory, look, atMs)};
	};

	const answered: Change = (snapshot, atMs) =>
		withRoundTrip({...snapshot, contact: {...snapshot.contact, lastReplyAtMs: atMs, probedAtMs: atMs}}, {atMs, ms: 1 + Math.floor(random() * 3)});

	function apply(change: Change): void {
		store.setState(state => {
			const nowMs = clock.now();
			const next = {...state, nowMs, snapshot: change(state.snapshot, nowMs)};
			return {...next, findings: diagnose(next, defaultConfig.thresholds)};
		});
	}

	return {
		clock,
		store,
		random,
		/** A second in which the console reads nothing. */
		unread: () => server.pass(),
		/** What the console reads in its n-th second, counted from 1. */
		async second(second: number): Promise<void> {
			server.pass();
			for (const [name, every] of paces) if (second % every === 0 || second === 1) apply(await read(name));
			if (second % 5 === 0) apply(queueLook);
			apply(answered);
		},
	};
}
