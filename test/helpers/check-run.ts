import {runCheck} from '../../src/commands/check/run-check.ts';
import {defaultConfig} from '../../src/config/default-config.ts';
import type {Thresholds} from '../../src/diagnosis/thresholds.ts';
import {targetOf} from './server-session.ts';

/** `check --json`, as a tool reads it. */
type CheckJson = {
	readonly schema: number;
	readonly at: string;
	readonly target: string;
	readonly state: string;
	readonly severity: string | null;
	readonly findings: readonly {readonly id: string; readonly severity: string; readonly title: string; readonly evidence: string; readonly node?: string}[];
	readonly queues: readonly Readonly<Record<string, unknown>>[] | null;
	readonly unavailable: readonly {readonly command: string; readonly reason: string}[];
} & Readonly<Record<'server' | 'vitals' | 'clients' | 'memory' | 'persistence' | 'replication' | 'access', Readonly<Record<string, unknown>>>>;

export type CheckRun = {readonly report: CheckJson; readonly code: number; readonly tookMs: number; readonly ids: readonly string[]};

const seat = {env: {}, userName: 'tester', hostName: 'test', homeFolder: '/nowhere'};

/** A check of a real server, in this process. `argv` is what follows `redis-triage check`. */
export async function check(argv: readonly string[], thresholds: Partial<Thresholds> = {}): Promise<CheckRun> {
	const target = await targetOf(argv);
	const config = {...defaultConfig, thresholds: {...defaultConfig.thresholds, ...thresholds}};
	const startedAtMs = performance.now();
	const {text, code} = await runCheck({target, config, format: 'json', colour: false, seat});
	const report = JSON.parse(text) as CheckJson;
	return {report, code, tookMs: performance.now() - startedAtMs, ids: report.findings.map(({id}) => id)};
}

/** Paths of everything that is null: `vitals.hitRate`, `queues.workers`. */
export function nullPaths(value: unknown, path = ''): readonly string[] {
	if (value === null) return [path];
	if (Array.isArray(value)) return value.flatMap(item => nullPaths(item, path));
	if (typeof value !== 'object') return [];
	return Object.entries(value).flatMap(([key, item]) => nullPaths(item, path === '' ? key : `${path}.${key}`));
}
