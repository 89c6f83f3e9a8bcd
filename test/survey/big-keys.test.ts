import {expect, it} from 'vitest';
import {BigKeys} from '../../src/survey/big-keys.ts';

const noTtl = {ttlMs: undefined, hasTtl: false};

it('keeps the largest of every type', () => {
	const keys = new BigKeys();
	for (let index = 0; index < 100; index += 1) keys.offer(`s${index}`, 'string', index, noTtl);
	keys.offer('h', 'hash', 3, {ttlMs: 5000, hasTtl: true});
	expect(keys.list().map(({name}) => name)).toEqual(['s99', 's98', 's97', 's96', 's95', 's94', 's93', 's92', 's91', 's90', 'h']);
	expect(keys.list().at(-1)).toEqual({name: 'h', type: 'hash', bytes: 3, length: undefined, ttlMs: 5000, hasTtl: true});
});

it('asks once how long each is, in the words of its type', () => {
	const keys = new BigKeys();
	for (const type of ['string', 'list', 'hash', 'set', 'zset', 'stream', 'ReJSON-RL']) keys.offer(`a ${type}`, type, 1, noTtl);
	const questions = keys.lengthQuestions();
	expect(questions.map(({argv}) => argv)).toEqual([
		['STRLEN', 'a string'],
		['LLEN', 'a list'],
		['HLEN', 'a hash'],
		['SCARD', 'a set'],
		['ZCARD', 'a zset'],
		['XLEN', 'a stream'],
	]);
	questions[0]?.answer(17);
	expect(keys.list().find(({type}) => type === 'string')?.length).toBe(17);
	expect(keys.lengthQuestions()).toEqual([]);
});

it('counts a key once that SCAN brings twice, and one of unknown type among its like', () => {
	const keys = new BigKeys();
	keys.offer('k', undefined, 10, noTtl);
	keys.offer('k', undefined, 10, noTtl);
	expect(keys.list()).toEqual([{name: 'k', type: undefined, bytes: 10, length: undefined, ttlMs: undefined, hasTtl: false}]);
});
