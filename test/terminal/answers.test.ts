import {PassThrough} from 'node:stream';
import type {ReadStream} from 'node:tty';
import {expect, it} from 'vitest';
import {Answers} from '../../src/terminal/answers.ts';

/** Hears what another reader takes from a stream, as Ink does. */
async function heard(...chunks: readonly string[]) {
	const stdin = new PassThrough({encoding: 'utf8'});
	const events: string[] = [];
	const answers = new Answers(stdin as unknown as ReadStream, {onAnswer: () => events.push('answer'), onKey: () => events.push('key')});
	answers.listen();
	let read = '';
	stdin.on('readable', () => {
		for (let chunk = stdin.read(); chunk !== null; chunk = stdin.read()) read += chunk;
	});
	for (const chunk of chunks) {
		stdin.write(chunk);
		await new Promise(resolve => setImmediate(resolve));
	}
	answers.ignore();
	expect(stdin.listenerCount('data')).toBe(0);
	expect(read).toBe(chunks.join(''));
	return events;
}

it.each([
	['a key', ['j'], ['key']],
	['an answer', ['\u001B[0n'], ['answer']],
	['an answer between keys', ['j\u001B[0nk'], ['answer', 'key']],
	['two answers', ['\u001B[0n\u001B[0n'], ['answer', 'answer']],
	['an answer in two reads', ['\u001B[', '0n'], ['key', 'answer']],
	['an arrow key', ['\u001B[A'], ['key']],
])('hears %s, and leaves it to the reader', async (_what, chunks, events) => {
	const all = await heard(...chunks);
	expect(all.filter(event => event === 'answer')).toEqual(events.filter(event => event === 'answer'));
	expect(all[0]).toBe(events[0]);
});

it('hears nothing of what is read before anybody reads', async () => {
	const stdin = new PassThrough();
	const events: string[] = [];
	new Answers(stdin as unknown as ReadStream, {onAnswer: () => events.push('answer'), onKey: () => events.push('key')}).listen();
	stdin.write('typed early');
	await new Promise(resolve => setImmediate(resolve));
	expect(events).toEqual([]);
	expect(String(stdin.read())).toBe('typed early');
});
