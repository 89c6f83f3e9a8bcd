import {spawn} from 'node:child_process';
import {join} from 'node:path';
import {createInterface} from 'node:readline';
import {fileURLToPath} from 'node:url';
import xterm from '@xterm/headless';

const present = '\u001B[0n';
const agent = join(fileURLToPath(new URL('.', import.meta.url)), 'pty-agent.py');

/** What the keys send that have no character of their own. */
export const key = {down: '\u001B[B', up: '\u001B[A', escape: '\u001B', enter: '\r', backspace: '\u007F', eraseLine: '\u0015'};

/**
 * A program on a pseudo terminal of this size. Everything that it writes is kept with its time (`records`), to be looked at when nothing is measured
 * any more (figures.mjs), and shown on an emulated screen to be waited for.
 */
export function openTerminal(argv, {columns, rows, env}) {
	const child = spawn('python3', [agent, String(columns), String(rows), ...argv], {env, stdio: ['pipe', 'pipe', 'inherit']});
	const screen = new xterm.Terminal({cols: columns, rows, allowProposedApi: true});
	const records = [];
	const watching = new Set();
	const heard = new Set();
	const order = what => child.stdin.write(`${JSON.stringify(what)}\n`);
	// A program that asks the terminal what it is would wait for the answer. Whether it is there, the agent has answered.
	screen.onData(answer => answer !== present && order({answer}));
	child.stdin.on('error', () => {});
	createInterface({input: child.stdout}).on('line', line => {
		const said = JSON.parse(line);
		records.push(said);
		if (said.output !== undefined)
			screen.write(Buffer.from(said.bytes, 'base64'), () => {
				for (const look of watching) look(said.output);
			});
		for (const hear of heard) hear(said);
	});
	const gone = new Promise(resolve => child.once('close', resolve));
	/** The next thing told of this kind. */
	const told = kind =>
		new Promise(resolve => {
			const hear = said => {
				if (said[kind] === undefined) return;
				heard.delete(hear);
				resolve(said);
			};
			heard.add(hear);
		});

	return {
		columns,
		rows,
		records,
		text: () => textOf(screen),
		/** Of the program, once it has been started. */
		pid: () => records.find(({pid}) => pid !== undefined)?.pid,
		/** When, in ms since its start, the screen first looked like this after now. */
		waitFor: (pattern, timeoutMs = 60_000) => shown({screen, watching, gone}, pattern, timeoutMs),
		/** `[text, seconds to wait after it]`, one after the other. Resolves when all are written. */
		async type(keys) {
			const typed = told('typed');
			order({type: keys});
			return (await typed).typed;
		},
		async sample() {
			const sample = told('sample');
			order({sample: true});
			return sample;
		},
		/** Resolves when the program has ended by itself. */
		ended: gone,
		async close() {
			child.stdin.end();
			await gone;
			screen.dispose();
		},
	};
}

export const textOf = screen =>
	Array.from({length: screen.rows}, (_, row) => screen.buffer.active.getLine(screen.buffer.active.baseY + row)?.translateToString(true) ?? '').join('\n');

function shown({screen, watching, gone}, pattern, timeoutMs) {
	return new Promise((resolve, reject) => {
		const end = finish => {
			clearTimeout(timer);
			watching.delete(look);
			finish();
		};
		const look = atMs => pattern.test(textOf(screen)) && end(() => resolve(atMs));
		const fail = why => end(() => reject(new Error(`${why}, waiting for ${pattern}; on the screen:\n${textOf(screen)}`)));
		const timer = setTimeout(() => fail(`${timeoutMs} ms have passed`), timeoutMs);
		// Behind what it has written last, which is still being drawn.
		void gone.then(() => screen.write('', () => fail('the program has ended')));
		watching.add(look);
		look(0);
	});
}
