import {describe, expect, it} from 'vitest';
import {inSlices} from '../../../src/in-slices.ts';
import {groupings} from '../../../src/redis/parse/client-grouping.ts';
import {type ParsedClientList, parseClientList} from '../../../src/redis/parse/client-list.ts';
import {scanClients, scanLimits} from '../../../src/redis/parse/client-scan.ts';
import {countGroups, groupClients, groupsOf} from '../../../src/store/client-groups.ts';

const line = (id: number, fields: Readonly<Record<string, string | number>> = {}) =>
	Object.entries({
		id,
		addr: `10.0.${id % 7}.${id % 100}:${10_000 + (id % 50_000)}`,
		name: `worker-${id % 500}`,
		age: 1000 + id,
		idle: (id * 7919) % 100_003,
		flags: 'N',
		db: 0,
		qbuf: 0,
		omem: 0,
		'tot-mem': 1928,
		cmd: id % 3 ? 'get' : 'set',
		user: 'default',
		...fields,
	})
		.map(([key, value]) => `${key}=${value}`)
		.join(' ');

/** Long enough not to be kept: 40,000 clients, some of which one would look for. */
const special: Readonly<Record<number, Readonly<Record<string, string | number>>>> = {
	7: {flags: 'b', cmd: 'blpop'},
	8: {flags: 'b', cmd: 'wait'},
	9: {flags: 'O', cmd: 'monitor'},
	10: {name: 'redis-triage:ann@host:observe'},
	11: {omem: 90_000_000},
	12: {name: 'größe-☃'},
	13: {'tot-mem': 55_000_000},
	39999: {idle: 999_999},
};
const lines = Array.from({length: 40_000}, (_, index) => line(index + 1, special[index + 1]));
const reply = Buffer.from(`${lines.join('\n')}\nno client at all\n`);

function scanned(bytes: Buffer, limits = scanLimits): {readonly list: ParsedClientList; readonly steps: number} {
	const scan = scanClients(bytes, limits);
	for (let steps = 0; ; steps++) {
		const step = scan.next();
		if (step.done) return {list: step.value, steps};
	}
}

describe('scanClients', () => {
	it('keeps a list of ordinary length whole, and still lets a key in between', () => {
		const short = Buffer.from(lines.slice(0, 10_000).join('\n'));
		expect(short.length).toBeLessThan(scanLimits.list);
		const {list, steps} = scanned(short);
		expect(list).toEqual(parseClientList(short.toString()));
		expect(steps).toBeGreaterThan(10);
	});

	it('counts all of a longer one, and keeps those that one would look for', () => {
		const {list, steps} = scanned(reply);
		expect(steps).toBeGreaterThan(10);
		expect(list.whole).toMatchObject({count: 40_000, kinds: {normal: 39_997, 'blocked-worker': 1, monitor: 1, console: 1}});
		expect(list).toMatchObject({rejectedCount: 1, rejected: ['no client at all']});
		expect(list.clients.length).toBeLessThan(6000);
		const kept = new Map(list.clients.map(row => [row.id, row]));
		for (const id of Object.keys(special).filter(key => key !== '12'))
			expect(kept.get(id), id).toEqual(parseClientList(line(Number(id), special[Number(id)])).clients[0]);
		expect(kept.get('40000')?.ageSeconds).toBe(41_000);
		expect(kept.get('1')?.ageSeconds).toBe(1001);
	});

	it('has the same rows as one who sorts all of them, by idle time and by age', () => {
		const {list} = scanned(reply);
		const all = parseClientList(reply.toString()).clients;
		const firsts = (rows: ParsedClientList['clients'], key: 'idleSeconds' | 'ageSeconds') =>
			rows
				.map(row => row[key])
				.toSorted((a, b) => b - a)
				.slice(0, 600);
		for (const key of ['idleSeconds', 'ageSeconds'] as const) expect(firsts(list.clients, key)).toEqual(firsts(all, key));
	});

	it('groups all of them, and their history knows the same counts', () => {
		const {list} = scanned(reply);
		const whole = parseClientList(reply.toString());
		for (const grouping of groupings) expect(groupsOf(list, grouping, [], 0)).toEqual(groupClients(whole.clients, grouping, [], 0));
		expect(countGroups([], list, 1)).toEqual(countGroups([], whole, 1));
		expect(list.whole?.groups.name.get('größe-☃')?.count).toBe(1);
	});

	it('knows the ids of all of them', () => {
		expect([...(scanned(reply).list.whole?.ids ?? [])]).toEqual(Array.from({length: 40_000}, (_, index) => index + 1));
	});

	it('keeps of names that are used once each only as many as anybody reads', () => {
		const {list} = scanned(Buffer.from(Array.from({length: 40_000}, (_, index) => line(index + 1, {name: index < 100 ? 'api' : `job-${index}x`})).join('\n')));
		expect([...(list.whole?.groups.name ?? [])]).toEqual([['api', expect.objectContaining({count: 100})]]);
	});

	describe('of more groups than are kept', () => {
		const limits = {...scanLimits, list: 0, groups: 3};
		const groupsIn = (names: string) => {
			const {whole} = scanned(Buffer.from([...names].map((name, index) => line(index + 1, {name, addr: `10.0.0.1:${index}`})).join('\n')), limits).list;
			return {kept: [...(whole?.groups.name ?? [])].map(([key, {count}]) => `${key}${count}`).join(' '), cut: whole?.cut};
		};

		it.each([
			['all of as many as there may be', 'aabc', 'a2 b1 c1', []],
			['the largest', 'aaabbccd', 'a3 b2 c2', ['name']],
			['of equal ones the first by name, in whichever order they come', 'ddccbbaa', 'a2 b2 c2', ['name']],
			['the larger ones first', 'ddddccbbaa', 'd4 a2 b2', ['name']],
			['none of those used once', 'aabcde', 'a2', ['name']],
		])('keeps %s', (_what, names, kept, cut) => expect(groupsIn(names)).toEqual({kept, cut}));
	});

	const waiting = {flags: 'b', cmd: 'wait'};
	const worker = {flags: 'b', cmd: 'bzpopmin'};

	/** The ids that are kept of such clients; one is first in each respect, and none of the others is in any. */
	const keptOf = (rows: readonly Readonly<Record<string, string | number>>[], limits: Partial<typeof scanLimits> = {}) => {
		const first = line(1, {age: 9, idle: 9, omem: 9, qbuf: 9, 'tot-mem': 9999});
		const others = rows.map((fields, index) => line(index + 2, {age: 5, idle: 0, ...fields}));
		const {list} = scanned(Buffer.from([first, line(99, {age: 1, idle: 1}), ...others].join('\n')), {...scanLimits, list: 0, firsts: 1, ...limits});
		return list.clients.map(({id}) => Number(id)).filter(id => id !== 1 && id !== 99);
	};

	it.each([
		['who ran a script last', [{cmd: 'get'}, {cmd: 'eval', idle: 3}, {cmd: 'evalsha', idle: 2}, {cmd: 'fcall_ro', idle: 8}], [4]],
		[
			'of queue workers one only where nobody else did',
			[
				{cmd: 'evalsha', name: 'bull:bWFpbA==:w:x'},
				{cmd: 'eval', idle: 8},
			],
			[3],
		],
		['the longest idle of the ordinary ones, and of the others', [{...worker, idle: 50}, {idle: 30}, {...worker, idle: 60}, {...waiting, idle: 40}], [3, 4]],
		['a queue worker where it alone did', [{cmd: 'evalsha', name: 'bull:bWFpbA=='}, {cmd: 'get'}], [2]],
	])('keeps %s', (_what, rows, ids) => expect(keptOf(rows, {roles: {...scanLimits.roles, 'blocked-worker': 0, 'held-up': 0}}).toSorted()).toEqual(ids));

	const roles = {...scanLimits.roles, 'blocked-worker': 2, subscriber: 1, 'held-up': 2};

	it.each([
		['held up, however many workers came before', [worker, worker, worker, worker, waiting], [2, 3, 6]],
		['held up, up to so many', [waiting, waiting, waiting], [2, 3]],
		[
			'consoles, Sentinels, replicas, masters and monitors among subscribers',
			[
				{cmd: 'subscribe', sub: 1},
				{cmd: 'subscribe', sub: 1},
				{name: 'redis-triage:ann@host:observe'},
				{name: 'sentinel-3f2a91c0-cmd', cmd: 'ping'},
				{name: 'sentinel-3f2a91c0-pubsub', cmd: 'subscribe', sub: 1},
				{flags: 'S'},
				{flags: 'M'},
				{flags: 'O'},
			],
			[2, 4, 5, 6, 7, 8, 9],
		],
	])('keeps those %s', (_what, rows, ids) => expect(keptOf(rows, {roles})).toEqual(ids));

	it('counts all that are held up, workers and consoles apart, by command', () => {
		const rows = [waiting, worker, waiting, waiting, {...waiting, name: 'redis-triage:ann@host:observe'}, {flags: 'b', cmd: 'set'}];
		const {whole} = scanned(Buffer.from(rows.map((fields, index) => line(index + 1, fields)).join('\n')), {...scanLimits, list: 0, roles}).list;
		expect(whole?.heldUp).toEqual(
			new Map([
				['wait', 3],
				['set', 1],
			]),
		);
	});

	it('gives everything else its turn between the steps', async () => {
		let turns = 0;
		const timer = setInterval(() => turns++, 0);
		const list = await inSlices(scanClients(reply));
		clearInterval(timer);
		expect(list.whole?.count).toBe(40_000);
		expect(turns).toBeGreaterThan(1);
	});
});
