import {expect, it} from 'vitest';
import {callScript, explainCall, inDatabase, loadScript, queueKeys, scriptPlan} from '../../../src/actions/queues/queue-script.ts';
import {ServerRefusedError} from '../../../src/errors.ts';

const script = {text: '-- redis-triage: nothing\nreturn 1', sha1: 'a'.repeat(40)};

it('loads a script once and calls it by its sum, in the database of the queue', () => {
	const {wait, metaPaused} = queueKeys('bull:orders');
	const call = callScript(script, [wait, metaPaused], ['7']);
	expect(call).toEqual(['EVALSHA', script.sha1, '2', 'bull:orders:wait', 'bull:orders:meta-paused', '7']);
	expect(scriptPlan({db: 0}, script, [call])).toEqual([loadScript(script), call]);
	expect(scriptPlan({db: 3}, script, [call])).toEqual([['SELECT', '3'], ['SCRIPT', 'LOAD', script.text], call]);
	expect(inDatabase({db: 0})).toEqual([]);
});

it('says what a lost script means, and leaves other errors to their own words', () => {
	expect(explainCall(new ServerRefusedError('NOSCRIPT No matching script. Please use EVAL.'))?.detail).toContain('did nothing, and the rest was not sent');
	expect(explainCall(new ServerRefusedError('READONLY You can’t write against a read only replica.'))).toBeUndefined();
});
