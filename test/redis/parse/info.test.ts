import {expect, it} from 'vitest';
import {infoNumber, parseInfo, subFields} from '../../../src/redis/parse/info.ts';
import {fixture} from './fixture.ts';

it('keeps every field of a real reply, known or not', () => {
	const info = parseInfo(fixture('info-master-7.0.txt'));
	expect(info.fields.get('lru_clock')).toMatch(/^\d+$/);
	expect(info.fields.get('cmdstat_eval')).toMatch(/^calls=/);
	expect([...info.sections]).toEqual(
		expect.arrayContaining(['Server', 'Clients', 'Memory', 'Persistence', 'Stats', 'Replication', 'CPU', 'Modules', 'Commandstats', 'Errorstats', 'Keyspace']),
	);
	expect([...info.fields].join('')).not.toContain('\r');
});

it('splits at the first colon only, and knows LF as well as CRLF', () => {
	const info = parseInfo('# Server\nos:Linux: x86\r\nempty:\r\n\r\nno colon here\n:no name\nlast:1');
	expect([...info.fields]).toEqual([
		['os', 'Linux: x86'],
		['empty', ''],
		['last', '1'],
	]);
});

it('has no fields for an empty reply', () => expect(parseInfo('')).toEqual({fields: new Map(), sections: new Set()}));

it.each([
	['12', 12],
	['-1', -1],
	['1.50', 1.5],
	['1e3', 1000],
	['nan', undefined],
	['inf', undefined],
	['Infinity', undefined],
	['1e999', undefined],
	['0x10', undefined],
	['', undefined],
	[' 7', undefined],
	['7K', undefined],
])('reads %j as the figure %s', (text, number) => expect(infoNumber(parseInfo(`f:${text}`), 'f')).toBe(number));

it('takes composed values apart', () => {
	expect([...subFields('ip=::1,port=6379,state=online,note=a=b,junk,=x')]).toEqual([
		['ip', '::1'],
		['port', '6379'],
		['state', 'online'],
		['note', 'a=b'],
	]);
});
