import {describe, expect, it} from 'vitest';
import {settingActions} from '../../../src/actions/settings/settings-actions.ts';
import type {AnyAction} from '../../../src/actions/types.ts';
import {ServerRefusedError} from '../../../src/errors.ts';
import type {QueueStatus} from '../../../src/queues/types.ts';
import {received} from '../../../src/store/resource.ts';
import {answered, bindIn, failureIn, setUp} from '../../helpers/action-run.ts';
import {blockedWorker, client, noonMs, type StateParts, stateWith} from '../../helpers/fixtures.ts';

const mib = 1024 ** 2;
const all = {
	maxclients: '1000',
	timeout: '0',
	maxmemory: '104857600',
	'maxmemory-policy': 'noeviction',
	'slowlog-log-slower-than': '10000',
	save: '3600 1',
	appendonly: 'no',
	'stop-writes-on-bgsave-error': 'yes',
};
type Name = keyof typeof all;

function action(name: Name): AnyAction {
	const found = settingActions.find(({id}) => id === `config.${name}`);
	if (!found) throw new Error(`no action for ${name}`);
	return found;
}

const world = (parts: StateParts = {}): StateParts => ({...parts, settings: {...all, ...parts.settings}});
const to = (value: string) => ({on: [], set: {value}});
const bound = (name: Name, value: string, parts: StateParts = {}) => bindIn(action(name), world(parts), to(value));
const refused = (name: Name, value: string, parts: StateParts = {}) => action(name).refusal(stateWith(world(parts)), to(value))?.refused;
const effect = (name: Name, value: string, parts: StateParts = {}) => bound(name, value, parts).request.effect;

it('is there once for each setting', () => expect(settingActions.map(({id}) => id)).toEqual(Object.keys(all).map(name => `config.${name}`)));

describe('what is typed', () => {
	it.each<[Name, string, string]>([
		['maxclients', ' 2000 ', '2000'],
		['timeout', '90', '90'],
		['timeout', '5m', '300'],
		['maxmemory', '4gb', String(4 * 1024 * mib)],
		['maxmemory', '100m', '100000000'],
		['maxmemory', '0', '0'],
		['maxmemory-policy', 'Allkeys-LFU', 'allkeys-lfu'],
		['slowlog-log-slower-than', '-1', '-1'],
		['save', ' 900 1  300   10 ', '900 1 300 10'],
		['save', '"900 1"', '900 1'],
		['save', '', ''],
		['save', '""', ''],
		['appendonly', 'YES', 'yes'],
		['stop-writes-on-bgsave-error', 'no', 'no'],
	])('%s %j is sent as %j', (name, typed, sent) => expect(bound(name, typed).plan).toEqual([['CONFIG', 'SET', name, sent]]));

	it.each<[Name, string, string]>([
		['maxclients', '0', 'maxclients must be a whole number, 1 to 4294967295'],
		[
			'maxclients',
			'300000',
			'maxclients may be raised by 200,000 at once, to 201000: a server that may not open so many files stands still while it looks for how many it may',
		],
		['maxclients', '1000', 'maxclients is 1000 already'],
		['timeout', 'soon', 'timeout must be a time, as in 90 (seconds), 15m, 2h or 7d'],
		['timeout', '1.5', 'timeout must be whole seconds, 0 to 2147483647'],
		['maxmemory', '80%', 'maxmemory must be a size, as in 0, 4gb, 512mb or 1073741824'],
		['maxmemory', '999999999999999gb', 'maxmemory must be below 8 PiB'],
		['maxmemory', '100mb', 'maxmemory is 104857600 already'],
		[
			'maxmemory-policy',
			'lru',
			'maxmemory-policy must be one of noeviction, allkeys-lru, allkeys-lfu, allkeys-random, volatile-lru, volatile-lfu, volatile-random, volatile-ttl',
		],
		['slowlog-log-slower-than', '-2', 'slowlog-log-slower-than must be a whole number, -1 or more'],
		['save', '900', 'save must be seconds and changes in pairs, as in 900 1 300 10, or empty for no snapshots'],
		['save', '0 1', 'save must be seconds and changes in pairs, as in 900 1 300 10, or empty for no snapshots'],
		['save', '3600  1', 'save is 3600 1 already'],
		['appendonly', 'on', 'appendonly must be yes or no'],
	])('%s %j is refused, with what would be right', (name, typed, reason) => expect(refused(name, typed)).toBe(reason));

	it('maxclients goes back by however much, as the undo of what has lowered it', () => {
		expect(bindIn(action('maxclients'), world(), {on: [], set: {value: '300000', from: '1000'}}).plan).toEqual([['CONFIG', 'SET', 'maxclients', '300000']]);
	});

	it('is called by the setting’s own name too', () => {
		const choice = {on: [], set: {maxclients: '2000'}};
		expect(bindIn(action('maxclients'), world(), choice).plan).toEqual([['CONFIG', 'SET', 'maxclients', '2000']]);
	});
});

describe('what the form begins with', () => {
	it.each<[Name, string, string, StateParts?]>([
		['maxclients', '100', '200'],
		['maxclients', '10000', '12500'],
		['timeout', '0', '300'],
		['timeout', '300', '60'],
		['timeout', '60', '0'],
		['maxmemory', String(100 * mib), '125mb'],
		['maxmemory', '1000', '1250'],
		['maxmemory', '0', '3072mb', {info: {totalSystemMemoryBytes: 4096 * mib}}],
		['maxmemory', '0', '200mb', {info: {usedMemoryBytes: 100 * mib}}],
		['maxmemory-policy', 'noeviction', 'volatile-ttl'],
		['maxmemory-policy', 'allkeys-lru', 'noeviction'],
		['slowlog-log-slower-than', '10000', '1000'],
		['slowlog-log-slower-than', '0', '10000'],
		['save', '', '3600 1 300 100 60 10000'],
		['save', '900 1', '900 1'],
		['save', '900 1', '900 1', {server: {kind: 'MISCONF'}}],
		['appendonly', 'no', 'yes'],
		['stop-writes-on-bgsave-error', 'yes', 'no'],
	])('of %s %j is %j', (name, now, value, parts = {}) => {
		expect(action(name).fields(stateWith({...parts, settings: {[name]: now}}))).toMatchObject([{name: 'value', value}]);
	});

	it('is nothing before it has been read, and the action says why', () => {
		expect(action('save').fields(stateWith())).toMatchObject([{value: ''}]);
		expect(action('save').refusal(stateWith())).toEqual({refused: 'save has not been read yet'});
		const {settings} = stateWith().snapshot;
		const snapshot = {settings: {...settings, refused: {command: 'CONFIG GET', reason: 'NOPERM …'}}};
		expect(action('save').refusal(stateWith({snapshot}))).toEqual({refused: 'save cannot be read: NOPERM …'});
	});

	it('where it begins with what is there, only another value is missing', () => {
		expect(action('save').refusal(stateWith(world()))).toEqual({refused: 'save is 3600 1 already', needsInput: true});
	});
});

describe('what the form says of the present', () => {
	const info = {usedMemoryBytes: 60 * mib, maxMemoryBytes: 100 * mib, notCountedForEvictBytes: 10 * mib, totalSystemMemoryBytes: 1000 * mib};
	const used = [
		['used', '50.0M, 50% of 100M'],
		['machine', 'has 1000M'],
	];
	it.each<[Name, StateParts, readonly (readonly string[])[]]>([
		['maxmemory', {info}, [['now', '104857600 (100M)'], ...used]],
		[
			'maxmemory',
			{info: {usedMemoryBytes: 50 * mib}, settings: {maxmemory: '0'}},
			[
				['now', '0 (no limit)'],
				['used', '50.0M'],
			],
		],
		['maxmemory-policy', {info}, [['now', 'noeviction'], ...used]],
		[
			'maxclients',
			{info: {connectedClients: 950}},
			[
				['now', '1000'],
				['connected', '950'],
			],
		],
		['save', {settings: {save: ''}}, [['now', '"" (none by themselves)']]],
	])('of %s', (name, parts, facts) => expect(action(name).present(stateWith(world(parts)))).toEqual(facts));

	it('is nothing where it has not been read', () => expect(action('save').present(stateWith())).toEqual([]));
});

describe('what it would do', () => {
	const used = {usedMemoryBytes: 60 * mib, maxMemoryBytes: 100 * mib, notCountedForEvictBytes: 10 * mib, totalSystemMemoryBytes: 1000 * mib};
	const keyspace = [{db: 0, keys: 100, expires: 12, avgTtlMs: undefined}];
	const queue = {id: 'bull:mail'} as QueueStatus;

	it('maxmemory with room', () => expect(effect('maxmemory', '200mb', {info: used})[0]).toBe('50.0M is used: 150M are left to the limit (25% taken)'));

	it('maxmemory below what is used, by policy', () => {
		expect(effect('maxmemory', '20mb', {info: used}).slice(0, 2)).toEqual([
			'50.0M is used, 30.0M more than that: the limit is passed at once',
			'nothing is evicted (noeviction): every command that needs memory is refused with OOM; reads and deletions go on',
		]);
		const settings = {...all, 'maxmemory-policy': 'volatile-lru'};
		expect(effect('maxmemory', '20mb', {info: {...used, keyspace}, settings})[1]).toBe(
			'only keys with a time to live are deleted to make room (volatile-lru): 12 of 100; when none is left, writes are refused with OOM',
		);
	});

	it('maxmemory beyond the machine, and none', () => {
		expect(effect('maxmemory', '2gb', {info: used})).toContain(
			'more than the machine has (1000M): it swaps, or the kernel ends the server, before the limit counts',
		);
		expect(effect('maxmemory', '0', {info: used})[0]).toMatch(/^there is no limit any more/);
		expect(effect('maxmemory', '200mb', {info: {usedMemoryBytes: undefined}})[0]).toMatch(/^how much is used is not known/);
	});

	it.each([
		['noeviction', 'every client that writes', 'none'],
		['allkeys-lru', 'every client that writes; whoever reads a key that is evicted', 'evictions, if there are any, in slices of about 0.5 ms'],
	])('a lower maxmemory speaks of evictions where there can be any: %s', (policy, affects, cost) => {
		expect(bound('maxmemory', '50mb', {settings: {'maxmemory-policy': policy}}).request).toMatchObject({affects, cost});
	});

	it('an evicting policy tells of the queues that live here', () => {
		const parts = {info: {...used, keyspace}, snapshot: {queues: received([queue], noonMs)}};
		expect(effect('maxmemory-policy', 'allkeys-lru', parts).slice(0, 3)).toEqual([
			'50.0M of 100M is used: it counts when that is full',
			'keys of any kind are deleted to make room (allkeys-lru): sessions, locks and jobs too',
			'1 queue of jobs live here: with an evicting policy jobs can vanish without a trace (BullMQ and Bull ask for noeviction)',
		]);
		expect(effect('maxmemory-policy', 'allkeys-lru', {info: {...used, usedMemoryBytes: 120 * mib}})[0]).toBe('110M of 100M is used: it counts at once');
		expect(effect('maxmemory-policy', 'allkeys-lru', {info: {...used, maxMemoryBytes: 0}})[0]).toMatch(/^maxmemory is 0/);
	});

	it('timeout: who would be closed, and who never is', () => {
		const clients = [
			client({id: '1', idleSeconds: 301}),
			client({id: '2', idleSeconds: 300}),
			blockedWorker({id: '3', idleSeconds: 900}),
			client({id: '4', idleSeconds: 900, kind: 'subscriber'}),
			client({id: '5', idleSeconds: 900, kind: 'replica'}),
			client({id: '6', idleSeconds: 900, kind: 'monitor'}),
		];
		expect(effect('timeout', '300', {clients})[0]).toBe(
			'connections that have sent nothing for more than 5m00s are closed: 1 client at once, by the last list',
		);
		expect(bound('timeout', '1h', {clients}).request.affects).toBe('nobody now; whoever is idle for so long later');
	});

	it('maxclients below what is connected', () => expect(effect('maxclients', '12', {info: {connectedClients: 12}})[0]).toMatch(/^12 are connected: they stay/));

	it('save and appendonly: what a crash loses', () => {
		const info = {changesSinceSave: 1204, lastSaveAtSeconds: noonMs / 1000 - 60, aofEnabled: false, lastSaveOk: true};
		expect(effect('save', '', {info})).toContain(
			'there is no append-only file either: a crash loses what has been written since the last snapshot (11:59:00Z, 1,204 changes)',
		);
		expect(effect('save', '900 1 300 10', {info})[0]).toBe('a snapshot is taken by itself after 1 change in 900 s, or 10 changes in 300 s');
		expect(effect('appendonly', 'no', {info, settings: {...all, appendonly: 'yes'}}).join('\n')).toContain('a restart reads the old file');
		expect(bound('appendonly', 'yes', {info: {latestForkMicros: 49_328}}).request.cost).toBe('the server stands still for the fork: 49.3 ms last time');
	});

	it('stop-writes: at once where the last snapshot has failed, and only with save points', () => {
		const no = {...all, 'stop-writes-on-bgsave-error': 'no'};
		expect(effect('stop-writes-on-bgsave-error', 'yes', {info: {lastSaveOk: false}, settings: no})[0]).toContain('refused with MISCONF at once');
		expect(effect('stop-writes-on-bgsave-error', 'yes', {info: {lastSaveOk: true}, settings: no})[0]).toMatch(/^when a snapshot fails/);
		expect(effect('stop-writes-on-bgsave-error', 'yes', {info: {lastSaveOk: false}, settings: {...no, save: ''}})[0]).toMatch(/^without save points/);
		expect(effect('stop-writes-on-bgsave-error', 'no', {info: {lastSaveOk: false}})[0]).toMatch(/^writes are taken again at once/);
	});

	it('slowlog: everything, nothing, or what is slower', () => {
		expect(effect('slowlog-log-slower-than', '0')[0]).toMatch(/^every command is logged/);
		expect(effect('slowlog-log-slower-than', '-1')[0]).toMatch(/^nothing is logged any more/);
		expect(effect('slowlog-log-slower-than', '1000')[0]).toBe('commands that take 1.00 ms or more are logged from now on');
	});

	it('always: it is lost at the next restart', () => {
		for (const [name, value] of [
			['maxclients', '2000'],
			['save', ''],
		] as const)
			expect(effect(name, value).at(-1)).toBe('lost at the next restart: the config file is not rewritten');
	});
});

it('shows old and new, in figures that can be read', () => {
	expect(bound('maxmemory', '200mb').request.facts).toEqual([
		['setting', 'maxmemory'],
		['now', '104857600 (100M)'],
		['new', '209715200 (200M)'],
	]);
	expect(bound('save', '').request.facts[2]).toEqual(['new', '"" (none by themselves)']);
});

it.each<[string, StateParts, string | undefined]>([
	['all is as it was', {}, undefined],
	['somebody has changed it', {settings: {...all, maxclients: '1500'}}, 'maxclients has been changed meanwhile'],
	['the server is BUSY', {server: {kind: 'BUSY'}}, 'The server is BUSY and refuses this: stop the script first'],
	['it may not be run', {permissions: {'CONFIG SET': false}}, 'This user has no permission to run CONFIG SET'],
])('checks, when %s', (_what, now, expected) => expect(failureIn(bound('maxclients', '2000'), world(now))).toBe(expected));

it.each<[string, object]>([
	['209715200', {ok: true, detail: 'maxmemory is 209715200 (200M)'}],
	['104857600', {ok: false, detail: 'maxmemory is 104857600 (100M)'}],
])('is verified by reading it: %s', (value, expected) => {
	expect(bound('maxmemory', '200mb').verify(answered('OK'), stateWith(world({settings: {...all, maxmemory: value}})))).toEqual(expected);
});

it('is read anew before the dialog, and its undo only overwrites what it has set itself', async () => {
	const choice = {on: [], set: {value: '900 1', from: '""'}};
	expect(bound('save', '').undo).toEqual({
		plan: [['CONFIG', 'SET', 'save', '3600 1']],
		action: 'config.save',
		choice: {on: [], set: {value: '3600 1', from: '""'}},
	});
	const {journal, run} = setUp({action: action('save'), choice, state: {settings: {save: ''}}, after: {settings: {save: '900 1'}}, replies: ['OK']});
	await expect(run()).resolves.toMatchObject({outcome: 'done'});
	expect(journal).toEqual(['refresh', 'confirm', 'audit intent', 'send CONFIG SET save 900 1', 'refresh', 'audit outcome']);
	const changed = setUp({action: action('save'), choice, state: {settings: {save: '60 1'}}, replies: ['OK']});
	await expect(changed.run()).resolves.toMatchObject({outcome: 'refused', detail: 'Somebody has changed it since: it is 60 1 now, not ""'});
});

it.each([
	[
		"ERR CONFIG SET failed (possibly related to argument 'appendonly') - Unable to turn on AOF. Check server logs.",
		'Unable to turn on AOF. Check server logs.',
	],
	["ERR Invalid argument '9' for CONFIG SET 'appendonly' - argument must be 'yes' or 'no'", "argument must be 'yes' or 'no'"],
	['ERR Only CONFIG GET is allowed during loading', 'Only CONFIG GET is allowed during loading'],
])('gives the server’s own reason: %s', (message, reason) => {
	const explained = bound('appendonly', 'yes').explain(new ServerRefusedError(message), stateWith());
	expect(explained?.detail).toBe(`The server does not take it: ${reason}. appendonly is what it was`);
	expect(bound('appendonly', 'yes').explain(new ServerRefusedError('NOPERM no'), stateWith())).toBeUndefined();
});
