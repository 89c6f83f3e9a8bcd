import {describe, expect, it} from 'vitest';
import {busySoon, openDo as open, phasesOf} from '../../helpers/do-server.ts';
import {endlessEval, endlessFcall, endlessWriter, loadEndlessFunction, startEndless, untilBusy} from '../../helpers/stuck-script.ts';
import {until} from '../../helpers/until.ts';

describe('a server that is BUSY', () => {
	it.each([
		['a script', endlessEval, ['SCRIPT', 'KILL']],
		['a function', endlessFcall, ['FUNCTION', 'KILL']],
	])('%s is stopped within two seconds', async (_what, argv, command) => {
		const test = await open(busySoon);
		await loadEndlessFunction(test.redis);
		const {ended} = await startEndless(test.redis, argv);
		await untilBusy(test.redis);
		const {code, text, tookMs} = await test.run(['script.kill', '--yes']);
		expect({code, text}).toEqual({code: 0, text: expect.stringMatching(/^DONE the script has ended: PING is answered again\n/)});
		expect(tookMs).toBeLessThan(2000);
		expect(test.sent()).toEqual([command]);
		expect(await ended).toMatch(/killed|Error running script|user_script/i);
	});

	it('one that was silent when we came is stopped as soon as it lets us in', async () => {
		const test = await open({conf: {'busy-reply-threshold': 3000}});
		const {ended} = await startEndless(test.redis, endlessEval);
		await until('it is silent', () => Promise.race([test.redis.call('PING').then(() => false), new Promise(resolve => setTimeout(() => resolve(true), 100))]));
		const {code, text, tookMs} = await test.run(['script.kill', '--yes']);
		expect({code, text}).toEqual({code: 0, text: expect.stringMatching(/^DONE /)});
		expect(tookMs).toBeLessThan(5000);
		await ended;
	});

	it('UNKILLABLE: failed with what is left to do, exit 1', async () => {
		const test = await open(busySoon);
		await startEndless(test.redis, endlessWriter);
		await untilBusy(test.redis);
		const {code, text} = await test.run(['script.kill', '--yes']);
		expect({code, text}).toEqual({code: 1, text: expect.stringMatching(/^FAILED UNKILLABLE: .*\n {2}now {4}Wait: /)});
		expect(phasesOf(test)).toEqual(['intent', 'outcome failed']);
	});

	it('what needs an answering server is refused in time', async () => {
		const test = await open(busySoon);
		await startEndless(test.redis, endlessEval);
		await untilBusy(test.redis);
		const {code, text, tookMs} = await test.run(['client.kill', '--on', '1', '--yes']);
		expect({code, text}).toEqual({code: 1, text: expect.stringMatching(/^REFUSED /)});
		expect(tookMs).toBeLessThan(3000);
	});
});
