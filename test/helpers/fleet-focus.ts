import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {onTestFinished} from 'vitest';
import {systemClock} from '../../src/clock.ts';
import {Focus} from '../../src/commands/console/focus.ts';
import {keepFleet, mastersOf} from '../../src/commands/console/keep-fleet.ts';
import {keepTimeline} from '../../src/commands/console/keep-timeline.ts';
import {Travel} from '../../src/commands/console/travel.ts';
import {defaultConfig} from '../../src/config/default-config.ts';
import type {Thresholds} from '../../src/diagnosis/thresholds.ts';
import type {FleetLimits} from '../../src/poll/fleet.ts';
import type {Fleet, FleetNode} from '../../src/store/fleet.ts';
import type {ConsoleState} from '../../src/store/store.ts';
import {targetOf} from './server-session.ts';
import {until} from './until.ts';

type Options = {readonly isIdle?: () => boolean; readonly intervalMs?: number; readonly limits?: FleetLimits; readonly thresholds?: Partial<Thresholds>};

/** A console without a screen that watches what is beside its server, and can go there. */
export async function openFleetFocus(argv: readonly string[], {isIdle = () => true, intervalMs = 1000, limits, thresholds}: Options = {}) {
	const folder = mkdtempSync(join(tmpdir(), 'redis-triage-fleet-'));
	const target = await targetOf(argv);
	const stop = new AbortController();
	const focus = new Focus({
		target,
		surveyed: target.isCluster ? mastersOf(() => focus.home) : undefined,
		clock: systemClock,
		isReadOnly: false,
		intervalMs,
		label: 'tester@test',
		operator: 'tester',
		host: 'test',
		auditFile: join(folder, 'audit.jsonl'),
	});
	const {store} = focus;
	keepTimeline(store, systemClock);
	const running = keepFleet({
		store,
		home: () => focus.home,
		isCluster: target.isCluster,
		label: 'tester@test',
		clock: systemClock,
		config: {...defaultConfig, thresholds: {...defaultConfig.thresholds, ...thresholds}},
		limits,
		costs: focus.costs,
		signal: stop.signal,
	});
	const travel = new Travel({
		store,
		desk: {
			get isIdle() {
				return isIdle();
			},
		},
		focus,
	});
	onTestFinished(async () => {
		stop.abort();
		focus.close();
		await running;
		rmSync(folder, {recursive: true, force: true});
	});
	const state = (): ConsoleState => store.getState();
	const fleet = (): Fleet => {
		const now = state().fleet;
		if (!now) throw new Error('no fleet yet');
		return now;
	};
	return {
		focus,
		travel,
		store,
		state,
		fleet,
		node: (address: string): FleetNode | undefined => fleet().nodes.find(node => node.address === address),
		told: (): readonly string[] => state().timeline.map(({text}) => text),
		/** Resolves to the first truthy answer; when it never comes, the error says what was known last. */
		async until<T>(what: string, ask: () => T | Promise<T>, timeoutMs = 15_000): Promise<NonNullable<T>> {
			try {
				return await until(what, ask, timeoutMs);
			} catch (error) {
				throw new Error(`${error instanceof Error ? error.message : String(error)}\n${describe(state())}`);
			}
		},
	};
}

function describe({fleet, findings, timeline, session, snapshot}: ConsoleState): string {
	const nodes = (fleet?.nodes ?? []).map(
		({address, role, server, flags, moves, slots}) => `${address} ${role} ${server.kind} ${flags.join(',')} ${JSON.stringify(slots)} ${JSON.stringify(moves)}`,
	);
	return [
		`at ${session.target.address} ${snapshot.server.kind}; fleet ${fleet?.kind} ${fleet?.problem ?? ''} ${JSON.stringify(fleet?.cluster)}`,
		...nodes,
		...findings.map(({id, title}) => `finding ${id} ${title}`),
		...timeline.map(({text}) => `told ${text}`),
	].join('\n');
}
