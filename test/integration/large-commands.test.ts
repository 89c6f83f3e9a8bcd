import {expect, it} from 'vitest';
import {scriptItems} from '../../src/store/lists/script-list.ts';
import {openTestSession, startForTest} from '../helpers/server-session.ts';

it('large requests and replies stand among the slow commands where the server logs them; elsewhere nobody misses them', async () => {
	const redis = await startForTest();
	const hasThem = await redis.call('COMMANDLOG', 'GET', '1', 'large-reply').then(
		() => true,
		error => !/unknown command/.test(String(error)),
	);
	await redis.call('SET', 'big', 'x'.repeat(1_200_000));
	await redis.call('GET', 'big');
	const session = await openTestSession(redis.url, {intervalMs: 200});
	const {data, refused} = await session.until(
		'it has been asked',
		({snapshot: {largeCommands}}) => (largeCommands.data ?? largeCommands.refused) && largeCommands,
	);
	if (!hasThem) {
		expect(refused).toMatchObject({command: 'COMMANDLOG GET'});
		expect(session.state().findings.map(({id}) => id)).not.toContain('access.limited');
		return;
	}
	expect(data?.map(({what, args: [command]}) => `${what} ${command}`)).toEqual(['request SET', 'reply GET']);
	expect(data?.every(({bytes}) => bytes >= 1_200_000 && bytes < 1_300_000)).toBe(true);
	const large = scriptItems(session.state()).filter(({kind}) => kind === 'large');
	expect(large.map(({id}) => id).toSorted()).toEqual(['large-reply:0', 'large-request:0']);
});
