import {setImmediate} from 'node:timers/promises';
import type {ReadStream} from 'node:tty';
import {render, Text, useInput, usePaste} from 'ink';
import {createElement} from 'react';
import {describe, expect, it, onTestFinished, vi} from 'vitest';
import {Answers} from '../../src/terminal/answers.ts';
import {openScreen} from '../helpers/terminal.tsx';
import {until} from '../helpers/until.ts';

const answer = '\u001B[0n';

/** Nothing is held for too long here, however busy the machine is. */
function holdTimers(): void {
	vi.useFakeTimers({toFake: ['setTimeout', 'clearTimeout']});
	onTestFinished(() => void vi.useRealTimers());
}

function openAnswers(isOwed = false) {
	const {stdin} = openScreen();
	const events: string[] = [];
	const answers = new Answers(stdin as unknown as ReadStream, {onAnswer: () => events.push('answer'), onKey: () => events.push('key'), isOwed: () => isOwed});
	answers.listen();
	onTestFinished(() => answers.ignore());
	return {
		stdin,
		answers,
		events,
		async send(...chunks: readonly (string | Buffer)[]) {
			for (const chunk of chunks) {
				stdin.write(chunk);
				await setImmediate();
			}
		},
		read: () => String(answers.keys.read() ?? ''),
	};
}

describe('Answers', () => {
	it('hears answers, and leaves the rest to the reader', async () => {
		const {send, events, read} = openAnswers();
		await send(`j${answer}k`, answer + answer);
		expect(events).toEqual(['answer', 'key', 'answer', 'answer']);
		expect(read()).toBe('jk');
	});

	it('passes a lone Esc on at once', async () => {
		const {send, read} = openAnswers();
		await send('\u001B');
		expect(read()).toBe('\u001B');
	});

	it.each([
		['what only began like an answer', '\u001B[', false],
		['an Esc that may be the first of an answer', '\u001B', true],
	])('passes on in a moment %s', async (_what, begun, isOwed) => {
		holdTimers();
		const {send, read} = openAnswers(isOwed);
		await send(begun);
		expect(read()).toBe('');
		vi.advanceTimersByTime(50);
		await send();
		await setImmediate();
		expect(read()).toBe(begun);
	});

	it('holds it on where the rest lies there already when the moment is over', async () => {
		holdTimers();
		const {send, stdin, events, read} = openAnswers();
		await send('\u001B[');
		vi.advanceTimersByTime(50);
		stdin.write('0n');
		await setImmediate();
		await setImmediate();
		expect(events).toEqual(['answer']);
		expect(read()).toBe('');
	});

	it('keeps a letter whole that is cut over two reads', async () => {
		const {send, read} = openAnswers();
		const bytes = Buffer.from('漢');
		await send(bytes.subarray(0, 1), bytes.subarray(1));
		expect(read()).toBe('漢');
	});

	it('keeps what is typed before anybody reads, and leaves all to others in the end', async () => {
		const {send, stdin, answers, read} = openAnswers();
		await send('typed early');
		expect(read()).toBe('typed early');
		answers.ignore();
		await send('for the shell');
		expect(read()).toBe('');
		expect(String(stdin.read())).toBe('for the shell');
	});

	it('passes on what the reader tells the terminal', () => {
		const {stdin, answers} = openAnswers();
		answers.keys.setRawMode(true).ref().unref();
		expect(stdin.isRaw).toBe(true);
		expect(answers.keys.isTTY).toBe(true);
	});

	it('lets Ink see an Esc with an answer behind it, and a paste without the answer in it', async () => {
		const {send, answers} = openAnswers();
		const seen: string[] = [];
		const Reader = () => {
			useInput((input, key) => void seen.push(key.escape ? 'Esc' : input));
			usePaste(text => void seen.push(text));
			return createElement(Text, null, 'x');
		};
		const {stdout} = openScreen();
		const app = render(createElement(Reader), {
			stdin: answers.keys as unknown as NodeJS.ReadStream,
			stdout: stdout as unknown as NodeJS.WriteStream,
			debug: true,
			exitOnCtrlC: false,
			patchConsole: false,
		});
		onTestFinished(() => app.unmount());
		await until('Ink listens', () => answers.keys.listenerCount('readable') > 0);
		await send('\u001B', answer);
		await until('Esc is seen', () => seen.length > 0);
		await send(`\u001B[200~abc${answer}def\u001B[201~`, ...answer, 'j');
		await until('all is seen', () => seen.includes('j'));
		expect(seen).toEqual(['Esc', 'abcdef', 'j']);
	});
});
