import type {ChildProcess} from 'node:child_process';
import {defaultConfig} from '../config/default-config.ts';
import {type Demo, startDemo} from '../demo/demo.ts';
import type {Settled} from './settle.ts';

export type DemoStart = {
	/** Start `demo-host SCENARIO` of this program, detached, with pipes. */
	readonly spawnHost: (scenario: string) => ChildProcess;
	readonly env: Readonly<Record<string, string | undefined>>;
	readonly kill: (pid: number, signal: NodeJS.Signals) => void;
};

/** A throwaway server with an incident under way, as a target for the console; no config file has a say in it. */
export async function openDemo(scenario: string | undefined, start: DemoStart): Promise<{readonly demo: Demo; readonly settled: Settled}> {
	const demo = await startDemo(scenario, start);
	const target: Settled['target'] = {
		name: `demo-${demo.scenario}`,
		endpoint: {kind: 'tcp', host: '127.0.0.1', port: demo.port},
		username: undefined,
		password: undefined,
		db: 0,
		tls: undefined,
		environment: 'demo',
		configured: undefined,
		sentinel: demo.sentinel && {
			master: demo.sentinel.master,
			nodes: demo.sentinel.ports.map(port => ({kind: 'tcp', host: '127.0.0.1', port})),
			username: undefined,
			password: undefined,
		},
		isCluster: false,
	};
	return {demo, settled: {target, config: defaultConfig}};
}
