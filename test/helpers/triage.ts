import {readFile} from 'node:fs/promises';
import {join} from 'node:path';
import type {AuditEntry} from '../../src/incident/audit.ts';
import {start, type TmuxOptions} from './tmux.ts';
import {until} from './until.ts';

/** What `npm run build` makes. */
export const program = join(import.meta.dirname, '../../dist/redis-triage.mjs');

export type Triage = Awaited<ReturnType<typeof startTriage>>;

/** The built program in tmux. What it writes goes into a folder of this test's own. */
export async function startTriage(args: readonly string[], options: TmuxOptions = {}) {
	const tmux = await start([process.execPath, program, ...args], options);
	const auditFile = join(tmux.home, '.local/state/redis-triage/audit.jsonl');
	return {
		...tmux,
		auditFile,
		/** When the screen first showed something like this, by this process's clock. A moment after the fact: this is for what must come soon. */
		async firstShown(pattern: RegExp, timeoutMs?: number): Promise<number> {
			// Not in what is written: of a word that stands there in part only the rest is.
			await until(`${pattern} is shown`, async () => pattern.test(await tmux.screen()), timeoutMs);
			return Date.now();
		},
		/** The audit log so far, oldest first. */
		async auditLog(): Promise<readonly AuditEntry[]> {
			const text = await readFile(auditFile, 'utf8');
			return text
				.trim()
				.split('\n')
				.map(row => JSON.parse(row) as AuditEntry);
		},
		/** A key that the screen offers now, and only then. `hint` is what the footer, the strip or a dialog says of it. */
		async pressHinted(hint: string, key = hint.split(' ', 1)[0] ?? '', timeoutMs = 10_000) {
			await tmux.waitFor(screen => screen.includes(hint), timeoutMs);
			await tmux.press(key);
		},
	};
}

/** An open dialog that listens: in its first moments it swallows every key, and says so. */
export const listens = 'y run it      Esc leave';

/** Up, and no finding that hurts anybody now. A bare server is always at some risk: no memory limit, nothing saved, no replica. */
export const isCalm = (screen: string): boolean => isUp(screen) && /^ P2 /m.test(screen);

/** The whole screen of a server that answers: nothing on it is still to be read. */
export const isUp = (screen: string): boolean => / OK +GUARDED/.test(screen) && !/Reading …|Not read yet/.test(screen);
