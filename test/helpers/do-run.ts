import {existsSync, mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {onTestFinished} from 'vitest';
import {prepareDo} from '../../src/commands/do/open-do.ts';
import {runDo} from '../../src/commands/do/run-do.ts';
import {parseFlags} from '../../src/commands/flags.ts';
import type {AuditEntry} from '../../src/incident/audit.ts';

export type DoRun = {
	readonly code: number;
	readonly text: string;
	/** Of stderr: the last line, and what was told on the way. */
	readonly message: string | undefined;
	readonly told: readonly string[];
	readonly tookMs: number;
	/** What was printed, of a run with `--json`. */
	readonly json: () => Readonly<Record<string, unknown>>;
};

type Surroundings = {readonly stop?: AbortSignal; readonly isTerminal?: boolean; readonly onTold?: (text: string) => void};

/** `redis-triage do` in this process. `argv` is what follows `do`; config file and audit log are in a folder of this test's own. */
export function doer() {
	const homeFolder = mkdtempSync(join(tmpdir(), 'redis-triage-do-'));
	onTestFinished(() => rmSync(homeFolder, {recursive: true, force: true}));
	const auditFile = join(homeFolder, '.local/state/redis-triage/audit.jsonl');
	return {
		homeFolder,
		auditFile,
		audit: (): readonly AuditEntry[] =>
			existsSync(auditFile)
				? readFileSync(auditFile, 'utf8')
						.trim()
						.split('\n')
						.map(line => JSON.parse(line) as AuditEntry)
				: [],
		async run(argv: readonly string[], {stop = new AbortController().signal, isTerminal = false, onTold}: Surroundings = {}): Promise<DoRun> {
			const flags = parseFlags({argv: ['do', ...argv], env: {}, scenarios: []});
			if (flags.command !== 'do') throw new Error(`command is ${flags.command}`);
			const nobody = () => Promise.reject(new Error('nobody was to be asked for a password'));
			const prepared = await prepareDo(flags, {env: {}, homeFolder, askPassword: nobody});
			const told: string[] = [];
			const write = (text: string) => {
				told.push(text);
				onTold?.(text);
			};
			const startedAtMs = performance.now();
			const seat = {
				env: {},
				userName: 'tester',
				hostName: 'test',
				homeFolder,
				kill: (pid: number, signal: NodeJS.Signals | 0) => void process.kill(pid, signal),
			};
			const margin = {isTerminal, columns: 80, write};
			const {text, message, code} = await runDo({...prepared, flags, seat, margin, stop, leave: new AbortController().signal});
			return {code, text, message, told, tookMs: performance.now() - startedAtMs, json: () => JSON.parse(text)};
		},
	};
}
