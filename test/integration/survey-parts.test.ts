import {expect, it} from 'vitest';
import {address} from '../../src/redis/target.ts';
import {startForTest, targetOf} from '../helpers/server-session.ts';
import {openSurvey} from '../helpers/survey-run.ts';

it('of what a survey sends it tells which of the masters pays for it', async () => {
	const servers = [await startForTest(), await startForTest()];
	const targets = await Promise.all(servers.map(({url}) => targetOf([url])));
	const paid = new Map<string, number>();
	const survey = await openSurvey(servers[0]?.url ?? '', {
		parts: () => targets,
		onSend: (_argv, to) => paid.set(address(to.endpoint), (paid.get(address(to.endpoint)) ?? 0) + 1),
	});
	expect((await survey.run()).ending).toMatchObject({kind: 'finished'});
	expect([...paid.keys()]).toEqual(targets.map(({endpoint}) => address(endpoint)));
});
