import {spawnSync} from 'node:child_process';
import {expect, it} from 'vitest';

type Terminal = {
	readonly waitFor: (pattern: RegExp) => Promise<number>;
	readonly type: (keys: readonly (readonly [text: string, pauseSeconds: number])[]) => Promise<number>;
	readonly records: readonly {readonly key?: number; readonly text?: string}[];
	readonly close: () => Promise<void>;
};

/** Plain JavaScript, as all scripts. */
const {openTerminal} = (await import(new URL('../scripts/bench/terminal.mjs', import.meta.url).href)) as {
	readonly openTerminal: (argv: readonly string[], options: {readonly columns: number; readonly rows: number; readonly env: NodeJS.ProcessEnv}) => Terminal;
};

/** It asks whether the terminal is there as soon as it has had a key, and shows what it hears next. */
const asking = 'stty raw -echo; printf ready; head -c 1 >/dev/null; printf "\\033[5"; sleep 0.05; printf n; head -c 5 | od -An -c; printf done';
const hasPython = spawnSync('python3', ['-c', 'import pty']).status === 0;

it('a question to the terminal is answered at once, also between keys, and its answer is no key', async ctx => {
	if (!hasPython) return ctx.skip('there is no python3 with pty, which the bench needs');
	const terminal = openTerminal(['sh', '-c', asking], {columns: 60, rows: 4, env: {...process.env, TERM: 'xterm'}});
	try {
		await terminal.waitFor(/ready/);
		void terminal.type([
			['a', 2],
			['b', 0.1],
		]);
		await terminal.waitFor(/033 +\[ +0 +n +b/);
		expect(terminal.records.flatMap(({key, text}) => (key === undefined ? [] : [text]))).toEqual(['a', 'b']);
	} finally {
		await terminal.close();
	}
});
