import {onTestFinished} from 'vitest';
import {auditOf, runnerOf} from './action-server.ts';
import {startProxy} from './proxy.ts';
import {type Group, sentinelArgv} from './sentinels.ts';
import {openTestSession, targetOf} from './server-session.ts';

/** A console without a screen that knows its server by its Sentinels, with a proxy before each of them. */
export async function openSentinelSession({group}: Group) {
	const proxies = await Promise.all(group.map(({port}) => startProxy(port)));
	for (const {close} of proxies) onTestFinished(close);
	const nodes = proxies.map(({port}) => `127.0.0.1:${port}`);
	const session = await openTestSession(await targetOf(sentinelArgv(nodes)));
	await session.until('the Sentinels are met', ({session: {sentinels, acting}}) => sentinels?.views.size === nodes.length && acting === 'open');
	return {
		session,
		nodes,
		proxies,
		run: runnerOf(session),
		audit: () => auditOf(session),
		/** What each Sentinel was told to change, by the console's own connections. */
		told: () => proxies.map(({sentBy}) => sentBy('sentinel').filter(([, subcommand]) => subcommand === 'SET' || subcommand === 'FAILOVER')),
	};
}
