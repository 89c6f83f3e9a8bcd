import {expect, it} from 'vitest';
import {stateAdvice} from '../../../src/views/frame/state-advice.ts';

it('protected mode is no matter of this user: what helps is said, not a page of the server’s words', () => {
	const denied = {kind: 'NOPERM', sinceMs: 0, detail: 'DENIED Redis is running in protected mode because …', failure: 'denied'} as const;
	expect(stateAdvice(denied, [])).toMatch(/^Protected mode: .*requirepass/);
	expect(stateAdvice({...denied, failure: undefined, detail: "NOPERM … 'info' command"}, [])).toBe(
		"This user may run neither PING nor INFO: NOPERM … 'info' command",
	);
});
