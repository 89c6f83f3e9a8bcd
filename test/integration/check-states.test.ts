import {describe, expect, it} from 'vitest';
import {type CheckRun, check, nullPaths} from '../helpers/check-run.ts';
import {infoField} from '../helpers/finding-watch.ts';
import {openIdleConnections} from '../helpers/idle-connections.ts';
import {startForTest} from '../helpers/server-session.ts';
import {endlessEval, endlessFcall, loadEndlessFunction, startEndless, untilBusy} from '../helpers/stuck-script.ts';
import {until} from '../helpers/until.ts';

const sections = ['server', 'vitals', 'clients', 'memory', 'persistence', 'replication'] as const;

/** Nothing could be read: every figure is null, and INFO, CLIENT LIST, ACL DRYRUN and SCAN say why. */
function expectNothingKnown({report}: CheckRun, reason: unknown): void {
	for (const section of sections.slice(1)) expect(Object.values(report[section]).filter(value => value !== null && value !== 'master')).toEqual([]);
	expect(report.queues).toBeNull();
	for (const command of ['INFO', 'CLIENT LIST', 'ACL DRYRUN', 'SCAN']) expect(report.unavailable).toContainEqual({command, reason});
}

describe('in every state it ends, and says which it is', () => {
	it('OK: every figure that is null is explained; two connections, closed again', async () => {
		const redis = await startForTest();
		const before = Number(await infoField(redis, 'total_connections_received'));
		const {report, tookMs} = await check([redis.url]);
		expect(Object.keys(report)).toEqual([
			'schema',
			'at',
			'target',
			'server',
			'state',
			'severity',
			'findings',
			'vitals',
			'clients',
			'memory',
			'queues',
			'persistence',
			'replication',
			'access',
			'unavailable',
		]);
		expect(report).toMatchObject({schema: 1, state: 'OK', target: `127.0.0.1:${redis.port}`, server: {role: 'master'}});
		expect(Date.parse(report.at)).toBeGreaterThan(Date.now() - 5000);
		const reasons = report.unavailable.map(({reason}) => reason).join('\n');
		expect(nullPaths(report).filter(path => !reasons.includes(path))).toEqual([]);
		expect(tookMs).toBeLessThan(5000);
		expect(Number(await infoField(redis, 'total_connections_received')) - before).toBe(2);
		await until('they are closed', async () => (await infoField(redis, 'connected_clients')) === '1');
	});

	it('SILENT: a stopped process', async () => {
		const redis = await startForTest();
		redis.signal('SIGSTOP');
		const run = await check([redis.url]);
		expect(run.report).toMatchObject({state: 'SILENT', severity: 'P0', findings: [{id: 'server.silent', severity: 'P0'}]});
		expect(run.code).toBe(2);
		expect(run.tookMs).toBeLessThan(6000);
		expectNothingKnown(run, 'the server does not answer');
	});

	it('a short silence is no SILENT', async () => {
		const redis = await startForTest({debugCommand: true});
		const sleeping = redis.call('DEBUG', 'SLEEP', '1.5');
		const {report} = await check([redis.url]);
		await sleeping;
		expect(report.state).toBe('OK');
		expect(report.vitals.usedMemoryBytes).toEqual(expect.any(Number));
	});

	it('BUSY: a script', async () => {
		const redis = await startForTest({conf: {'lua-time-limit': 50}});
		await startEndless(redis, endlessEval);
		await untilBusy(redis);
		const run = await check([redis.url]);
		expect(run.report).toMatchObject({state: 'BUSY', severity: 'P0', findings: [{id: 'script.busy', severity: 'P0', remedies: ['script.kill']}]});
		expect(run.code).toBe(2);
		expect(run.tookMs).toBeLessThan(4000);
		expectNothingKnown(run, expect.stringMatching(/^BUSY /));
	});

	it('BUSY: a function, by its name', async () => {
		const redis = await startForTest({conf: {'lua-time-limit': 50}});
		await loadEndlessFunction(redis);
		await startEndless(redis, endlessFcall);
		await untilBusy(redis);
		const {report, code} = await check([redis.url]);
		expect(report.findings[0]).toMatchObject({id: 'script.busy', title: expect.stringMatching(/^Function spin has blocked the server/)});
		expect(code).toBe(2);
	});

	it('DOWN', async () => {
		const redis = await startForTest();
		await redis.kill();
		const run = await check([redis.url]);
		expect(run.report).toMatchObject({state: 'DOWN', severity: 'P0', findings: [{id: 'server.down', severity: 'P0'}]});
		expect(run.code).toBe(2);
		expect(run.tookMs).toBeLessThan(3000);
		expectNothingKnown(run, 'connection refused: nothing listens there');
	});

	it('MAXCLIENTS: no connection is free', async () => {
		const redis = await startForTest({conf: {maxclients: 20}});
		await openIdleConnections(redis.port, 20);
		const run = await check([redis.url]);
		expect(run.report).toMatchObject({state: 'MAXCLIENTS', severity: 'P0', findings: [{id: 'clients.maxed', severity: 'P0'}]});
		expect(run.code).toBe(2);
		expect(run.tookMs).toBeLessThan(4000);
		expectNothingKnown(run, 'ERR max number of clients reached');
	});

	it('MAXCLIENTS: the last connection is ours, and there is none for the queues', async () => {
		const redis = await startForTest({conf: {maxclients: 20}});
		await openIdleConnections(redis.port, 19);
		const {report, code, tookMs} = await check([redis.url]);
		expect(report).toMatchObject({state: 'MAXCLIENTS', severity: 'P0', vitals: {connectedClients: 20}, queues: null});
		expect(report.unavailable).toContainEqual({command: 'SCAN', reason: 'there was no second connection to read queues with'});
		expect(code).toBe(2);
		expect(tookMs).toBeLessThan(6000);
	});

	it('LOADING', async () => {
		const redis = await startForTest({conf: {appendonly: 'yes', 'aof-use-rdb-preamble': 'no', 'key-load-delay': 250}});
		const writer = await redis.connect();
		await writer.pipeline(Array.from({length: 40_000}, (_, index) => ['SET', `key:${index}`, 'value']));
		writer.close();
		await redis.call('BGREWRITEAOF');
		await until('it is rewritten', async () => (await infoField(redis, 'aof_rewrite_in_progress')) === '0' && (await infoField(redis, 'aof_rewrites')) !== '0');
		await redis.restart({until: 'listening'});
		const {report, code, tookMs} = await check([redis.url]);
		expect(report).toMatchObject({state: 'LOADING', severity: 'P0', queues: null});
		expect(report.findings[0]).toMatchObject({id: 'server.loading', severity: 'P0'});
		expect(report.unavailable).toContainEqual({command: 'SCAN', reason: expect.stringMatching(/LOADING/)});
		expect(code).toBe(2);
		expect(tookMs).toBeLessThan(10_000);
	});
});

describe('what cannot be told ends with 3, and what may not be read is said', () => {
	it('NOAUTH and a wrong password', async () => {
		const redis = await startForTest({password: 's3cret-word'});
		const none = await check([`redis://127.0.0.1:${redis.port}`]);
		expect(none.report).toMatchObject({state: 'NOAUTH', severity: null, findings: []});
		expectNothingKnown(none, expect.stringMatching(/^NOAUTH /));
		const wrong = await check([`redis://:wr0ng-word@127.0.0.1:${redis.port}`]);
		expect(wrong.report).toMatchObject({state: 'NOAUTH', severity: null});
		expect(wrong.report.unavailable[0]).toEqual({command: 'HELLO', reason: expect.stringMatching(/^WRONGPASS /)});
		expect([none.code, wrong.code]).toEqual([3, 3]);
		expect(Math.max(none.tookMs, wrong.tookMs)).toBeLessThan(2000);
		expect(JSON.stringify([none, wrong])).not.toMatch(/s3cret|wr0ng/);
		// One attempt, and not one more.
		expect(String(await redis.call('ACL', 'LOG'))).toMatch(/^count,1,reason,auth,/);
	});

	it('a user who may do little', async () => {
		const redis = await startForTest({acl: ['viewer on >s3cret-word ~* -@all +ping +info']});
		const {report, code, tookMs} = await check([`redis://viewer:s3cret-word@127.0.0.1:${redis.port}`]);
		expect(report.findings.map(({id}) => id)).toContain('access.limited');
		expect(report.vitals.usedMemoryBytes).toEqual(expect.any(Number));
		expect(report.clients).toMatchObject({connected: 2, byKind: null, largestGroups: null});
		expect(report.access).toMatchObject({
			mayNotRun: expect.arrayContaining([{command: 'CLIENT LIST', reason: expect.stringMatching(/^NOPERM/), hides: expect.stringMatching(/who is connected/)}]),
			mayNotAct: null,
		});
		expect(tookMs).toBeLessThan(5000);
		for (const command of ['CLIENT LIST', 'SLOWLOG GET', 'CONFIG GET', 'SCAN'])
			expect(report.unavailable).toContainEqual({command, reason: expect.stringMatching(/^NOPERM/)});
		expect([report.severity, code]).toEqual(['P2', 1]);
	});

	it('a database that there is not', async () => {
		const redis = await startForTest({conf: {databases: 4}});
		const {report, code, tookMs} = await check([redis.url, '-n', '7']);
		expect(report).toMatchObject({state: 'OK', queues: null, findings: expect.arrayContaining([expect.objectContaining({id: 'access.limited'})])});
		expect(report.unavailable).toContainEqual({command: 'SELECT', reason: expect.stringMatching(/out of range/)});
		expect(code).toBe(1);
		expect(tookMs).toBeLessThan(5000);
	});

	it('a user who may not even PING', async () => {
		const redis = await startForTest({acl: ['nobody on >s3cret-word -@all']});
		const {report, code, tookMs} = await check([`redis://nobody:s3cret-word@127.0.0.1:${redis.port}`]);
		expect(report).toMatchObject({state: 'NOPERM', severity: null, queues: null});
		expect(report.unavailable).toContainEqual({command: 'INFO', reason: expect.stringMatching(/^NOPERM/)});
		expect(code).toBe(3);
		expect(tookMs).toBeLessThan(9000);
	});
});
