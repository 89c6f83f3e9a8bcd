import {expect, it} from 'vitest';
import {parseSentinelNews} from '../../../src/redis/parse/sentinel-news.ts';

const master = {kind: 'master', address: '127.0.0.1:24739'} as const;

// All of them were published by Sentinels of 7.0.15.
it.each([
	['+sdown', 'master shop 127.0.0.1 24739', {about: master, more: ''}],
	['+odown', 'master shop 127.0.0.1 24739 #quorum 2/2', {about: master, more: '#quorum 2/2'}],
	['+vote-for-leader', '9d0a5144c8676abb 1', {about: undefined, more: '9d0a5144c8676abb 1'}],
	['+switch-master', 'shop 127.0.0.1 24739 127.0.0.1 24740', {moved: {from: '127.0.0.1:24739', to: '127.0.0.1:24740'}}],
	['+slave', 'slave 127.0.0.1:24739 127.0.0.1 24739 @ shop 127.0.0.1 24740', {about: {kind: 'replica', address: '127.0.0.1:24739'}, more: ''}],
	['+sdown', 'sentinel a1b2 ::1 26379 @ shop 127.0.0.1 24740', {about: {kind: 'sentinel', address: '[::1]:26379'}}],
	['+tilt', '#tilt mode entered', {about: undefined, more: '#tilt mode entered'}],
])('%s %s', (name, message, expected) => expect(parseSentinelNews(name, message, 'shop')).toMatchObject({name, ...expected}));

it.each([
	['+sdown', 'master other 127.0.0.1 24739'],
	['+switch-master', 'other 127.0.0.1 24739 127.0.0.1 24740'],
	['+slave', 'slave 127.0.0.1:24739 127.0.0.1 24739 @ other 127.0.0.1 24740'],
])('is silent on what is about another master: %s %s', (name, message) => expect(parseSentinelNews(name, message, 'shop')).toBeUndefined());

it.each(['', 'master', 'slave x', 'sentinel a b c @'])('does not stumble over %j', message => {
	expect(() => parseSentinelNews('+sdown', message, 'shop')).not.toThrow();
});
