import {expect, it, vi} from 'vitest';
import {type Argv, asking, askingEach, run, type Steps, together} from '../../src/queues/steps.ts';

/** Echoes every command. */
const echo = () => vi.fn(async (argvs: readonly Argv[]): Promise<readonly unknown[]> => argvs.map(argv => argv.join(' ')));

function* chain(...commands: readonly Argv[]): Steps<readonly unknown[]> {
	const replies: unknown[] = [];
	for (const command of commands) replies.push(...(yield [command]));
	return replies;
}

it('hands every reading its own replies, however many rounds each takes', async () => {
	const ask = echo();
	const results = await run(ask, together([chain(['GET', 'a'], ['GET', 'b']), chain(['GET', 'c']), chain()]));
	expect(results).toEqual([['GET a', 'GET b'], ['GET c'], []]);
	expect(ask.mock.calls.map(([argvs]) => argvs.map(argv => argv.join(' ')))).toEqual([['GET a', 'GET c'], ['GET b']]);
});

it('asks once what several want to know in one round', async () => {
	const ask = echo();
	expect(await run(ask, together([chain(['ZCARD', 'dead']), chain(['ZCARD', 'dead'])]))).toEqual([['ZCARD dead'], ['ZCARD dead']]);
	expect(ask.mock.calls).toEqual([[[['ZCARD', 'dead']]]]);
});

it('splits what would hold the server too long', async () => {
	const ask = echo();
	const cheap = Array.from({length: 2000}, (_, index): Argv => ['LLEN', `list${index}`]);
	const dear = Array.from({length: 60}, (_, index): Argv => ['XREVRANGE', `events${index}`, '+', '-', 'COUNT', '100']);
	await run(ask, together([...cheap, ...dear].map(argv => chain(argv))));
	const sizes = ask.mock.calls.map(([argvs]) => argvs.length);
	expect(sizes).toHaveLength(4);
	expect(Math.max(...sizes)).toBe(1500);
	expect(sizes.reduce((sum, size) => sum + size)).toBe(2060);
});

it('asks nothing when there is nothing to ask', async () => {
	const ask = echo();
	expect(await run(ask, together([]))).toEqual([]);
	expect(await run(ask, askingEach([]))).toEqual({replies: [], unknown: []});
	expect(ask).not.toHaveBeenCalled();
});

it.each(['LOADING Redis is loading the dataset in memory', 'BUSY Redis is busy running a script.', 'MASTERDOWN Link with MASTER is down'])(
	'gives up where the server says to everything: %s',
	async text => {
		const ask = async (argvs: readonly Argv[]) => argvs.map(() => new Error(text));
		await expect(run(ask, chain(['GET', 'a']))).rejects.toMatchObject({name: 'ServerRefusedError', message: text});
	},
);

it('goes on where only some of it is refused', async () => {
	const ask = async (argvs: readonly Argv[]) => argvs.map(([command]) => (command === 'LLEN' ? new Error('WRONGTYPE Operation against a key') : '7'));
	const replies = await run(ask, asking({length: ['LLEN', 'a'], text: ['GET', 'b']}));
	expect([replies.count('length'), replies.isRefused('length'), replies.count('text'), replies.text('text')]).toEqual([undefined, true, 7, '7']);
	expect(replies.unknown).toEqual([{command: 'LLEN a', reason: 'WRONGTYPE Operation against a key'}]);
	expect(
		(
			await run(
				ask,
				askingEach([
					['LLEN', 'a'],
					['LLEN', 'b'],
				]),
			)
		).unknown,
	).toHaveLength(1);
});

it('rejects as the asking does', async () => {
	await expect(run(() => Promise.reject(new Error('gone')), chain(['GET', 'a']))).rejects.toThrow('gone');
});
