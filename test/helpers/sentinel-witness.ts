import {onTestFinished} from 'vitest';
import {RespClient} from '../../src/demo/resp-client.ts';
import type {Group} from './sentinels.ts';
import {until} from './until.ts';

type Heard = {readonly atMs: number; readonly node: string; readonly name: string; readonly message: string};

/** An impartial subscriber at every Sentinel: what they publish, and when it came. */
export async function listenToSentinels({group}: Group, password?: string) {
	const heard: Heard[] = [];
	for (const {port, node} of group) {
		const client = await RespClient.open({port});
		onTestFinished(() => client.close());
		if (password !== undefined) await client.call('AUTH', password);
		client.onUnasked = reply => {
			const [, , name, message] = Array.isArray(reply) ? reply.map(String) : [];
			if (name !== undefined) heard.push({atMs: Date.now(), node, name, message: message ?? ''});
		};
		await client.call('PSUBSCRIBE', '*');
	}
	return {
		heard,
		/** The first of them since the beginning. */
		first: (name: string, timeoutMs?: number) => until(`a Sentinel says ${name}`, () => heard.find(event => event.name === name), timeoutMs),
	};
}
