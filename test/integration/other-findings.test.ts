import {createConnection} from 'node:net';
import {expect, it, onTestFinished} from 'vitest';
import {formatMicros} from '../../src/text/format.ts';
import {infoField, openWaiting, readAnew, watchFindings} from '../helpers/finding-watch.ts';
import {isWhole, openTestSession, startForTest} from '../helpers/server-session.ts';

it('OOM, where the policy finds nothing to evict', async () => {
	const redis = await startForTest({conf: {maxmemory: '3mb', 'maxmemory-policy': 'volatile-lru'}});
	const {session, found} = await watchFindings(redis);
	await session.until('all is read', isWhole);
	await redis.call('SETRANGE', 'ballast', '2500000', 'x');
	await expect(redis.call('SET', 'key', 'value')).rejects.toThrow(/^OOM/);
	expect(await found('server.oom')).toMatchObject({meaning: expect.arrayContaining(['The policy volatile-lru finds too little to evict.'])});
});

it('evictions', async () => {
	const redis = await startForTest({conf: {maxmemory: '3mb', 'maxmemory-policy': 'allkeys-lru'}});
	const {session, found} = await watchFindings(redis);
	await session.until('all is read', isWhole);
	const client = await redis.connect();
	await client.pipeline(Array.from({length: 2000}, (_, index) => ['SET', `key:${index}`, 'x'.repeat(2000)]));
	client.close();
	expect(Number(await infoField(redis, 'evicted_keys'))).toBeGreaterThan(100);
	expect(await found('memory.evicting')).toMatchObject({severity: 'P2'});
	expect(session.state().findings.map(({id}) => id)).not.toContain('server.oom');
});

it('held up by CLIENT PAUSE they are blocked, too', async () => {
	const redis = await startForTest();
	const {session, found} = await watchFindings(redis);
	await session.until('all is read', isWhole);
	await redis.call('CLIENT', 'PAUSE', '8000', 'WRITE');
	await openWaiting(redis, 11, 'SET', 'key', 'value');
	expect((await found('clients.blocked')).evidence).toMatch(/^set 11;/);
	await redis.call('CLIENT', 'UNPAUSE');
});

it('a client that does not read its replies', async () => {
	const redis = await startForTest();
	await redis.call('SETRANGE', 'large', '1000000', 'x');
	const {session, found, over} = await watchFindings(redis);
	await session.until('all is read', isWhole);
	// Nobody reads from this socket: what the kernel does not take stays with the server.
	const reader = createConnection(redis.port, '127.0.0.1');
	onTestFinished(() => void reader.destroy());
	reader.write(`CLIENT SETNAME reader\r\n${'GET large\r\n'.repeat(60)}`);
	expect(await found('clients.output-buffer')).toMatchObject({
		severity: 'P2',
		title: expect.stringMatching(/^Client reader does not read its replies: \d/),
		evidence: expect.stringMatching(/normal, last command get; no limit is set/),
	});
	reader.destroy();
	await over('clients.output-buffer');
});

it('probes take long, and a script was slow', async () => {
	const redis = await startForTest({debugCommand: true});
	const {session, found, over} = await watchFindings(redis);
	await session.until('all is read', isWhole);
	const client = await redis.connect();
	let isOn = true;
	const load = (async () => {
		while (isOn) await client.call('DEBUG', 'SLEEP', '0.25');
	})();
	expect(await found('latency.high')).toMatchObject({severity: 'P1', meaning: expect.arrayContaining([expect.stringContaining('Measured from here')])});
	expect(session.states.map(({kind}) => kind)).toEqual(['CONNECTING', 'OK']);
	isOn = false;
	await load;
	// By turns and not by the clock: TIME stands still in a script on newer servers (seen on Redis 8.0 and Valkey 8.0).
	await client.call('EVAL', 'for i = 1, 6e7 do end', '0');
	const slow = (await client.call('SLOWLOG', 'GET', '10')) as [number, number, number, string[]][];
	const micros = slow.find(([, , , [command]]) => command === 'EVAL')?.[2] ?? 0;
	client.close();
	expect(await found('script.slow')).toMatchObject({severity: 'P2', title: `A script has blocked the server for ${formatMicros(micros)}`});
	await over('latency.high');
});

it('a probe that is answered too late to count as an answer still tells how long it took', async () => {
	const redis = await startForTest();
	// So that hardly anything but probes is sent.
	const session = await openTestSession(redis.url, {intervalMs: 10_000});
	await session.until('probes alone', state => isWhole(state) && state.snapshot.roundTrips.length >= 3);
	redis.signal('SIGSTOP');
	await session.until('SILENT', ({snapshot: {server}}) => server.kind === 'SILENT');
	redis.signal('SIGCONT');
	await session.until('the late round trip is known', ({snapshot: {roundTrips}}) => roundTrips.some(({ms}) => ms >= 500));
});

it('a user who may not see all is told what is hidden', async () => {
	const redis = await startForTest({acl: ['watcher on >pw ~* -@all +ping +info +select +slowlog|get']});
	const {session, found} = await watchFindings(redis, {argv: ['-p', `${redis.port}`, '--user', 'watcher', '-a', 'pw']});
	await session.until('the list is refused', ({snapshot}) => snapshot.clients.refused && snapshot.settings.refused && snapshot.permissions.refused);
	await session.until('the search is refused too', ({snapshot, findings}) => snapshot.queueSearch.unknown.length > 0 && findings.length > 0);
	const {title, meaning} = await found('access.limited');
	expect(title).toBe('This user may not run CLIENT LIST, CONFIG GET, ACL DRYRUN, SCAN: the console does not see all');
	expect(meaning.join('\n')).toMatch(/Without SCAN: job queues/);
	expect(meaning.join('\n')).toMatch(/Without CLIENT LIST: who is connected/);
});

it('nothing is found on a server that has all it needs', async () => {
	const master = await startForTest({conf: {maxmemory: '100mb', appendonly: 'yes'}});
	await startForTest({replicaOf: master.port});
	const {session} = await watchFindings(master);
	await session.until(
		'all is read',
		({snapshot}) => isWhole(session.state()) && snapshot.commandStats.data && snapshot.permissions.data && snapshot.slowlog.data,
	);
	await readAnew(session);
	expect(session.state().findings).toEqual([]);
});
