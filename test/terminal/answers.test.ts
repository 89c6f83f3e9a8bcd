import {setImmediate} from 'node:timers/promises';
import type {ReadStream} from 'node:tty';
import {render, Text, useInput, usePaste} from 'ink';
import {createElement} from 'react';
import {describe, expect, it, onTestFinished} from 'vitest';
import {Answers} from '../../src/terminal/answers.ts';
import {openScreen} from '../helpers/terminal.tsx';
import {until} from '../helpers/until.ts';

const answer = '\u001B[0n';

function openAnswers() {
	const {stdin} = openScreen();
	const events: string[] = [];
	const answers = new Answers(stdin as unknown as ReadStream, {onAnswer: () => events.push('answer'), onKey: () => events.push('key')});
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
	it.each<readonly [string, readonly string[], number, string]>([
		['a key', ['j'], 0, 'j'],
		['an answer', [answer], 1, ''],
		['an answer between keys', [`j${answer}k`], 1, 'jk'],
		['two answers', [answer + answer], 2, ''],
		['an answer in two reads', ['j\u001B[', '0nk'], 1, 'jk'],
		['an answer in three reads', ['\u001B[', '0', 'n'], 1, ''],
		['an answer right behind Esc', [`\u001B${answer}`], 1, '\u001B'],
		['an answer soon after Esc', ['\u001B', answer], 1, '\u001B'],
		['an answer in two reads soon after Esc', ['\u001B', '\u001B[0', 'n'], 1, '\u001B'],
		['an answer in a paste', [`\u001B[200~abc${answer}def\u001B[201~`], 1, '\u001B[200~abcdef\u001B[201~'],
		['an answer in a paste, byte by byte', [...`\u001B[200~abc${answer}def\u001B[201~`], 1, '\u001B[200~abcdef\u001B[201~'],
		// Ink drops this one as a whole.
		['an answer whose Esc has gone on', [...`${answer}j`], 1, `${answer}j`],
		['an answer whose Esc has gone on, and another', ['\u001B', `[0n${answer}j`], 2, '\u001B[0nj'],
		['an arrow key', ['\u001B[A'], 0, '\u001B[A'],
		['an arrow key in two reads', ['\u001B[', 'A'], 0, '\u001B[A'],
	])('hears %s, and leaves the rest to the reader', async (_what, chunks, count, keys) => {
		const {send, events, read} = openAnswers();
		await send(...chunks);
		expect(events.filter(event => event === 'answer')).toHaveLength(count);
		expect(read()).toBe(keys);
		expect(events.includes('key')).toBe(keys !== '');
	});

	it('passes a lone Esc on at once', async () => {
		const {send, read} = openAnswers();
		await send('\u001B');
		expect(read()).toBe('\u001B');
	});

	it('passes on in a moment what only began like an answer', async () => {
		const {send, answers, read} = openAnswers();
		await send('\u001B[');
		expect(read()).toBe('');
		await until('it is passed on', () => answers.keys.readableLength > 0);
		expect(read()).toBe('\u001B[');
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
