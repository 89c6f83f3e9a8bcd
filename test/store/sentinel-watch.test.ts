import {describe, expect, it} from 'vitest';
import {parseSentinelNews} from '../../src/redis/parse/sentinel-news.ts';
import {sentinelHappening} from '../../src/store/sentinel-happenings.ts';
import {masterAddress, masterPlace, movedMaster, placeAnew, seeing, withAnswers, withEvent} from '../../src/store/sentinel-watch.ts';
import type {Timeline} from '../../src/store/timeline.ts';
import {addEvents} from '../../src/store/timeline.ts';
import {noonMs} from '../helpers/fixtures.ts';
import {nodes, sightsAt} from '../helpers/sentinel-replies.ts';

const elsewhere = {ip: '10.0.0.10', 'config-epoch': '5'};

describe('where the master is', () => {
	it.each([
		['all say where we look', [{}, {}, {}], 0, undefined],
		['all have moved on', [elsewhere, elsewhere, elsewhere], 0, '10.0.0.10:6379'],
		['two have, and the third is slow', [elsewhere, elsewhere, {}], 0, '10.0.0.10:6379'],
		['one has: it may be the only one that thinks so', [elsewhere, {}, {}], 0, undefined],
		['the only one that answers has', [elsewhere], 2, '10.0.0.10:6379'],
		['most say something older', [{...elsewhere, 'config-epoch': '3'}, {...elsewhere, 'config-epoch': '3'}, {}], 0, undefined],
		['nobody answers', [], 3, undefined],
	] as const)('%s', (_what, masters, silent, expected) => {
		expect(movedMaster(sightsAt(noonMs, {masters, silent}))?.address).toBe(expected);
	});

	it('is told to a console that looks at a replica, too', () => {
		expect(movedMaster(sightsAt(noonMs, {masters: [elsewhere, elsewhere, elsewhere], following: undefined}))).toEqual({address: '10.0.0.10:6379', epoch: 5});
	});

	it('is believed of one alone that has published the switch, unless a later failover has been followed', () => {
		const watch = sightsAt(noonMs, {masters: [elsewhere, {}, {}]});
		const published = new Map([[nodes[0], '10.0.0.10:6379']]);
		expect(movedMaster(watch, published)).toEqual({address: '10.0.0.10:6379', epoch: 5});
		expect(movedMaster(watch, new Map([[nodes[1], '10.0.0.10:6379']]))).toBeUndefined();
		expect(movedMaster({...watch, latest: {address: '10.0.0.9:6379', epoch: 5}}, published)).toBeUndefined();
	});

	it('does not turn back to the old place by those that have not heard of the failover', () => {
		expect(movedMaster({...sightsAt(noonMs), latest: {address: '10.0.0.10:6379', epoch: 5}})).toBeUndefined();
	});

	it('is still the old place for the one that carries the failover out, with the number of the new one', () => {
		const leader = {flags: 'master,failover_in_progress', 'config-epoch': '5'};
		expect(masterPlace(sightsAt(noonMs, {masters: [leader, {}, {}]}))).toEqual({address: '10.0.0.9:6379', epoch: 4});
		expect(masterAddress(sightsAt(noonMs, {masters: [leader, elsewhere, {}]}))).toBe('10.0.0.10:6379');
	});

	it('is known best by the one of the latest failover', () => expect(masterAddress(sightsAt(noonMs, {masters: [{}, elsewhere, {}]}))).toBe('10.0.0.10:6379'));
});

describe('where the master is, as those say that count anew', () => {
	const low = {ip: '10.0.0.10', 'config-epoch': '0'};

	it.each([
		['all', [low, low, low], 0, '10.0.0.10:6379'],
		['two, and the third does not answer', [low, low], 1, '10.0.0.10:6379'],
		['one, and the others do not answer', [low], 2, undefined],
		['two, and the third says another number', [low, low, {...low, 'config-epoch': '1'}], 0, undefined],
		['two, and the third names another place', [low, low, {'config-epoch': '0'}], 0, undefined],
		['all, with a number that is not lower', [elsewhere, elsewhere, elsewhere], 0, undefined],
		['all, in the middle of a failover', [low, low, low].map(fields => ({...fields, flags: 'master,failover_in_progress'})), 0, undefined],
		['nobody', [], 3, undefined],
	] as const)('%s', (_what, masters, silent, expected) => {
		const place = placeAnew(sightsAt(noonMs, {masters, silent}));
		expect(place?.address).toBe(expected);
		if (expected !== undefined) expect(place).toMatchObject({epoch: 0, isAnew: true});
	});
});

describe('what they see', () => {
	it('stays with its date where one says nothing more, and counts no longer; one that is taken away is gone', () => {
		const before = sightsAt(noonMs);
		const [first = '', second = ''] = nodes;
		const after = withAnswers(before, [
			{node: first, error: 'connection refused'},
			{node: second, error: 'connection refused'},
		]);
		expect(after.sights).toMatchObject([
			{node: first, atMs: noonMs, master: {address: '10.0.0.9:6379'}, error: 'connection refused'},
			{node: second, error: 'connection refused'},
		]);
		expect(seeing(after)).toEqual([]);
	});

	it('keeps the last hundred of what they publish', () => {
		let watch = sightsAt(noonMs);
		for (let at = 0; at < 130; at++) watch = withEvent(watch, {name: '+tilt', about: undefined, moved: undefined, more: '', node: nodes[0], atMs: at});
		expect([watch.events.length, watch.events[0]?.atMs, watch.events.at(-1)?.atMs]).toEqual([100, 30, 129]);
	});
});

describe('the timeline of a failover', () => {
	const told = (published: readonly (readonly [agoMs: number, node: number, name: string, message: string])[]) =>
		published.reduce<Timeline>((timeline, [atMs, node, name, message]) => {
			const news = parseSentinelNews(name, message, 'shop');
			const happening = news && sentinelHappening({...news, atMs: noonMs + atMs, node: nodes[node] ?? ''}, timeline);
			return happening ? addEvents(timeline, [happening]) : timeline;
		}, []);

	// As three Sentinels of 7.0 published it.
	it('tells each step once, whoever tells of it, in words', () => {
		const texts = told([
			[0, 0, '+sdown', 'master shop 10.0.0.9 6379'],
			[60, 1, '+sdown', 'master shop 10.0.0.9 6379'],
			[100, 1, '+odown', 'master shop 10.0.0.9 6379 #quorum 2/2'],
			[100, 1, '+try-failover', 'master shop 10.0.0.9 6379'],
			[101, 1, '+vote-for-leader', 'd4b906602d63 1'],
			[150, 1, '+elected-leader', 'master shop 10.0.0.9 6379'],
			[200, 1, '+selected-slave', 'slave 10.0.0.10:6379 10.0.0.10 6379 @ shop 10.0.0.9 6379'],
			[1100, 1, '+promoted-slave', 'slave 10.0.0.10:6379 10.0.0.10 6379 @ shop 10.0.0.9 6379'],
			[1200, 1, '+switch-master', 'shop 10.0.0.9 6379 10.0.0.10 6379'],
			[1210, 0, '+switch-master', 'shop 10.0.0.9 6379 10.0.0.10 6379'],
			[9000, 1, '+convert-to-slave', 'slave 10.0.0.9:6379 10.0.0.9 6379 @ shop 10.0.0.10 6379'],
		]).map(({text}) => text);
		expect(texts).toEqual([
			'+sdown: Sentinel 10.0.3.1:26379 takes the master 10.0.0.9:6379 for down',
			'+odown: enough Sentinels take the master 10.0.0.9:6379 for down (quorum 2/2)',
			'+try-failover: Sentinel 10.0.3.2:26379 begins a failover',
			'+elected-leader: Sentinel 10.0.3.2:26379 carries the failover out',
			'+selected-slave: 10.0.0.10:6379 is to be the master',
			'+promoted-slave: 10.0.0.10:6379 has been promoted',
			'+switch-master: Sentinel moved the master from 10.0.0.9:6379 to 10.0.0.10:6379',
			'+convert-to-slave: 10.0.0.9:6379 is made a replica: what only it had is gone',
		]);
	});

	it('tells again what happens again later', () => {
		const down = ['+sdown', 'master shop 10.0.0.9 6379'] as const;
		expect(
			told([
				[0, 0, ...down],
				[14_000, 1, ...down],
				[30_000, 0, ...down],
			]),
		).toHaveLength(2);
	});

	it('tells of replicas and of other Sentinels as such', () => {
		const texts = told([
			[0, 0, '+sdown', 'slave 10.0.0.10:6379 10.0.0.10 6379 @ shop 10.0.0.9 6379'],
			[0, 0, '+sdown', 'sentinel a1 10.0.3.2 26379 @ shop 10.0.0.9 6379'],
			[0, 0, '+tilt', '#tilt mode entered'],
		]);
		expect(texts).toMatchObject([
			{kind: 'link', text: '+sdown: Sentinel takes the replica 10.0.0.10:6379 for down'},
			{kind: 'link', text: '+sdown: Sentinel 10.0.3.2:26379 is down for Sentinel 10.0.3.1:26379'},
			{kind: 'link', text: '+tilt: Sentinel 10.0.3.1:26379 does not trust its clock, and acts on nothing'},
		]);
	});
});
