import {readFileSync} from 'node:fs';
import {constants, inflateRawSync} from 'node:zlib';
import {describe, expect, it} from 'vitest';
import {flushEnd, recordKinds, scan} from '../../../src/incident/recording/file-format.ts';
import {openRecording} from '../../../src/incident/recording/read-recording.ts';
import {type Recorded, recordedOf} from '../../../src/incident/recording/recorded.ts';
import {createRedactor} from '../../../src/incident/recording/redact-recorded.ts';
import {redactText} from '../../../src/incident/recording/redact-text.ts';
import {redactionTable} from '../../../src/incident/recording/redaction-table.ts';
import type {TextRule} from '../../../src/incident/recording/text-rules.ts';
import type {ConsoleState} from '../../../src/store/store.ts';
import type {TimelineEvent} from '../../../src/store/timeline.ts';
import {addEvents} from '../../../src/store/timeline.ts';
import {client, noonMs, slowlogEntry, stateWith} from '../../helpers/fixtures.ts';
import {queueStatus} from '../../helpers/queue-status.ts';
import {scratchFolder, testRecorder} from '../../helpers/recording.ts';

let count = 0;
const canary = () => `canary${String.fromCharCode(97 + (count++ % 26))}`;

/** What a text of this kind looks like, with a name in every part of it that may be one. */
const samples: Readonly<Record<TextRule | 'argv', () => unknown>> = {
	keep: () => 'plain',
	name: () => `${canary()}-${canary()}@${canary()}:x-7`,
	host: canary,
	address: () => `${canary()}.example.com:6379`,
	key: () => `${canary()}:{${canary()}}:7:*`,
	shape: () => `HGETALL ${canary()}:*`,
	id: () => `queue.depth@${canary()}:6379`,
	words: () =>
		`queue ${canary()} (${canary()}:jobs): 7 jobs wait for "${canary()}" of '${canary()}', see /home/${canary()}/${canary()}.log! ${canary()}@${canary()} ${canary()}=${canary()}`,
	whole: () => `${canary()} {"${canary()}": 1}`,
	argv: () => ['HSET', canary(), `${canary()} ${canary()}`],
};

type Rules = TextRule | 'argv' | {readonly [field: string]: Rules};

/** Data with a name in every text that the table knows. */
function filled(rules: Rules): unknown {
	if (typeof rules === 'string') return samples[rules]();
	const {key, value, ...others} = rules;
	if (key && value && Object.keys(others).length === 0) return new Map([[filled(key), filled(value)]]);
	return Object.fromEntries(Object.entries(rules).map(([field, rule]) => [field, filled(rule)]));
}

/** All that a file says, in one text. */
function inflated(file: string): string {
	const {records} = scan(readFileSync(file));
	const frames = records.filter(({kind}) => kind === recordKinds.key || kind === recordKinds.delta).flatMap(({payload}) => [payload, flushEnd]);
	const others = records.filter(({kind}) => kind === recordKinds.about || kind === recordKinds.timeline);
	const texts = others.map(({kind, payload}) => (kind === recordKinds.about ? payload : inflateRawSync(payload)));
	return Buffer.concat([inflateRawSync(Buffer.concat(frames), {finishFlush: constants.Z_SYNC_FLUSH}), ...texts]).toString('latin1');
}

const state = stateWith({
	clients: [client({name: 'payments-7', address: '10.0.0.7:5000', user: 'alice'}), client({id: '8', name: 'payments-8', address: '10.0.0.7:5001'})],
	slowlog: [slowlogEntry({args: ['EVALSHA', 'abc', '1', 'bull:orders:wait', '***'], shape: 'HGETALL bull:orders:*', clientAddress: '10.0.0.7:5000'})],
	snapshot: {queues: {data: [queueStatus({id: 'bull:orders', waiting: 1200})], updatedAtMs: noonMs, failures: 0, error: undefined, refused: undefined}},
	findings: [
		{
			id: 'queue.depth@10.0.0.7:6379',
			severity: 'P1',
			title: '1,200 jobs wait in bull:orders',
			evidence: 'payments-7 (10.0.0.7:5000) holds 91 % of memory.',
			meaning: [],
			components: ['checkout'],
			remedies: ['queue.pause'],
			over: 'fewer than 1,000 wait',
		},
	],
});

const redacted = (given: ConsoleState): Recorded => createRedactor(Buffer.alloc(32, 1))(recordedOf(given));

/** Every text of which the table knows is a canary; its rule for the timeline is that of an event. */
function stateOfCanaries(): ConsoleState {
	const {timeline: event, ...names} = filled(redactionTable as unknown as Rules) as Omit<ConsoleState, 'timeline'> & {readonly timeline: TimelineEvent};
	const plain = stateWith();
	return {...plain, ...names, snapshot: {...names.snapshot, history: plain.snapshot.history}, timeline: [event]};
}

describe('a redacted recording', () => {
	it('has none of the names in it, whichever field they stand in', async () => {
		const names = stateOfCanaries();
		expect(JSON.stringify(names).match(/canary/g)?.length).toBeGreaterThan(200);
		const folder = scratchFolder();
		const recorder = await testRecorder({place: {folder}, isRedacted: true, state: names});
		const file = recorder.file() ?? '';
		await recorder.end();
		expect(file).toMatch(/\/20250101T120000Z-0\.rec$/);
		expect(inflated(file)).not.toContain('canary');
		expect(inflated(file)).toContain('h-');
		expect((await openRecording(file)).isRedacted).toBe(true);
	});

	it('without it they are there: the test above would notice', async () => {
		const names = stateOfCanaries();
		const recorder = await testRecorder({place: {folder: scratchFolder()}, state: names});
		const file = recorder.file() ?? '';
		await recorder.end();
		expect(inflated(file)).toContain('canary');
	});

	it('the same name has the same hash everywhere, numbers and what the screen takes apart stay', () => {
		const {snapshot, findings, session} = redacted(state);
		const [first, second] = snapshot.clients.data?.clients ?? [];
		const [slow] = snapshot.slowlog.data?.entries ?? [];
		const [queue] = snapshot.queues.data ?? [];
		const hash = 'h-[a-z]{6}';
		expect(first?.name).toMatch(new RegExp(`^${hash}-7$`));
		expect(second?.name).toBe(first?.name.replace(/7$/, '8'));
		expect(first?.address).toMatch(new RegExp(`^${hash}:5000$`));
		expect(second?.address).toBe(first?.address.replace('5000', '5001'));
		expect([slow?.clientAddress, slow?.args[0], slow?.args[4]]).toEqual([first?.address, 'EVALSHA', '***']);
		expect(slow?.args[3]).toMatch(new RegExp(`^${queue?.id}:${hash}$`));
		expect(slow?.shape).toBe(`HGETALL ${queue?.id}:*`);
		expect([queue?.system, queue?.version, queue?.waiting]).toEqual(['bullmq', '5.81.5', 1200]);
		expect(first?.user).toMatch(new RegExp(`^${hash}$`));
		expect([second?.user, second?.lastCommand, session.target.address.split(':')[1]]).toEqual(['default', 'get', '6379']);
		expect(findings[0]).toMatchObject({
			id: `queue.depth@${first?.address.replace('5000', '6379')}`,
			title: `1,200 jobs wait in ${queue?.id}`,
			evidence: `${first?.name} (${first?.address}) holds 91 % of memory.`,
			remedies: ['queue.pause'],
		});
	});

	it('the server that an event is about has the hash that its address has, so that a report can cut it', () => {
		const {session} = redacted(state);
		const {address} = state.session.target;
		const kinds = ['found', 'over'] as const;
		const happened = kinds.map(kind => ({atMs: noonMs, kind, severity: 'P2' as const, text: '', details: [], subject: `memory.no-limit@${address}`}));
		const worse = {kind: 'found' as const, atMs: noonMs, severity: 'P0' as const, text: '', details: [], subject: `server.down@${address}!P0`};
		const {timeline} = redacted({...state, timeline: addEvents([], [...happened, worse])});
		expect(timeline.map(({subject}) => subject)).toEqual([
			`memory.no-limit@${session.target.address}`,
			`memory.no-limit@${session.target.address}`,
			`server.down@${session.target.address}!P0`,
		]);
	});

	it('what has not changed stays the same object', () => {
		const redact = createRedactor(Buffer.alloc(32));
		const [before, after] = [redact(recordedOf(state)), redact(recordedOf({...state, nowMs: noonMs + 1000, findings: []}))];
		expect(after.snapshot).toBe(before.snapshot);
		expect(after.findings).not.toBe(before.findings);
	});

	it('another recording has other hashes', () => {
		const other = createRedactor(Buffer.alloc(32, 2))(recordedOf(state));
		expect(other.session.target.name).not.toBe(redacted(state).session.target.name);
	});
});

it.each([
	[
		'words',
		'Client 10.0.0.7:5000 of api-3 at alice@bastion: connect ECONNREFUSED 10.0.0.8:5432',
		'Client <10.0.0.7>:5000 of <api->-3 at <alice>@<bastion>: connect <ECONNREFUSED> <10.0.0.8>:5432',
	],
	['words', 'BUSY after 12.4s of OK, 91 % of maxmemory (P1)', 'BUSY after 12.4s of OK, 91 % of maxmemory (P1)'],
	['words', 'орёл shouted 💣', '<орёл> <shouted> <💣>'],
	['words', 'cache:user:42 has grown, says redis-master-0:6379 at 14:03Z', '<cache>:<user>:<42> has grown, says <redis-master-0>:<6379> at 14:03Z'],
	['words', 'lost 2001:db8::1 at 14:03:22Z', 'lost <2001>:<db8>::<1> at 14:03:22Z'],
	['name', 'redis-triage:alice@host:observe', 'redis-triage:<alice>@<host>:observe'],
	['words', 'P2 memory.no-limit@127.0.0.1:7610 is over', 'P2 memory.no-limit@<127.0.0.1>:7610 is over'],
	['words', 'server.down@redis-master-0:6379 gave way to server.silent', 'server.down@<redis-master-0>:6379 gave way to server.silent'],
	['id', 'memory.no-limit@127.0.0.1:7610', 'memory.no-limit@<127.0.0.1>:7610'],
	['id', 'server.down@redis-master-0:6379!P0', 'server.down@<redis-master-0>:6379!P0'],
	['id', 'server.down!P0', 'server.down!P0'],
	['id', 'memory.no-limit@group', 'memory.no-limit@group'],
	['id', 'memory.no-limit@nodes!P1', 'memory.no-limit@nodes!P1'],
	['id', 'OK>SILENT', 'OK>SILENT'],
	['id', 'recovery', 'recovery'],
	['name', '7', '7'],
	['address', '[::1]:6379', '<[::1]>:6379'],
	['address', '?:0', '?:0'],
	['key', 'bull:{shop}:7', '<bull>:{<shop>}:<7>'],
	['whole', '', ''],
] satisfies readonly (readonly [TextRule, string, string])[])('%s: %s', (rule, text, shown) => {
	expect(redactText(rule, text, name => `<${name}>`)).toBe(shown);
});
