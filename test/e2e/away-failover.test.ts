import {expect, it, onTestFinished} from 'vitest';
import {sentinelArgv, startSentinels} from '../helpers/sentinels.ts';
import {isUp, startTriage} from '../helpers/triage.ts';

it('a master that dies while the console looks at a replica: it stays there and says so, Esc goes to the new master, and the timeline has it all', {
	timeout: 120_000,
}, async () => {
	const group = await startSentinels({downAfterMs: 3000, replicas: 2});
	onTestFinished(group.stop);
	const {master, replica, bystander} = group;
	if (!replica || !bystander) throw new Error('no replicas');
	const [here, there, aside] = [master, replica, bystander].map(({port}) => `127.0.0.1:${port}`) as [string, string, string];
	const triage = await startTriage(sentinelArgv(group.nodes), {cols: 160, rows: 64});
	await triage.waitFor(isUp, 60_000);

	await triage.press('5');
	await triage.waitFor(screen => screen.includes(aside) && screen.includes('3 of 3 answer'), 30_000);
	await triage.press('/');
	await triage.type(`:${bystander.port}\n`);
	await triage.press('g');
	await triage.pressHinted('o go to this server');
	await triage.waitFor(new RegExp(`^ at ${aside} of shop.* READONLY +GUARDED`), 20_000);

	await master.kill();
	const moved = `Sentinel moved the master from ${here} to ${there}`;
	const stayed = await triage.waitFor(screen => screen.includes(`${moved}: shop is there now, still looking at ${aside}`), 30_000);
	expect(stayed).toMatch(new RegExp(`^ at ${aside} of shop`));

	// The filter, and then home.
	await triage.press('Escape');
	await triage.waitFor(screen => !screen.includes(`/:${bystander.port}`));
	await triage.pressHinted('Esc back home', 'Escape');
	await triage.waitFor(new RegExp(`^ shop +${there}.* OK +GUARDED`), 20_000);

	await triage.press('6');
	await triage.waitFor(screen =>
		['Looking at shop again', `Looking at replica ${aside} of shop`, `${moved}: shop is there now`].every(text => screen.includes(text)),
	);
});
