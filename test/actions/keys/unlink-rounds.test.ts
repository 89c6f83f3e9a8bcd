import {expect, it} from 'vitest';
import {ClearedBases} from '../../../src/actions/keys/cleared-bases.ts';
import {KnownQueues} from '../../../src/actions/keys/known-queues.ts';
import {type Unlinking, unlinkBatch} from '../../../src/actions/keys/unlink-rounds.ts';
import {tallyText} from '../../../src/actions/tally.ts';
import {ServerRefusedError} from '../../../src/errors.ts';
import {Pace} from '../../../src/pace.ts';
import {queueStatus} from '../../helpers/queue-status.ts';

const unlinking: Unlinking = {
	pattern: 'ü:*',
	db: 0,
	scanCount: 500,
	total: 10,
	isCluster: false,
	queues: new KnownQueues([queueStatus({id: 'bull:orders'})]),
	cleared: undefined,
	microsPerKey: 3,
};

/** Carry it out against these replies, a round each. */
function carriedOut(change: Partial<Unlinking>, replies: readonly (readonly unknown[])[]) {
	const batch = unlinkBatch({...unlinking, ...change});
	const rounds = batch.rounds(new Pace(1));
	const sent: (readonly (readonly string[])[])[] = [];
	let turn = rounds.next();
	for (const reply of replies) {
		if (turn.done === true) throw new Error('it has ended already');
		expect(turn.value.units).toBe(turn.value.argvs.filter(([command]) => command === 'UNLINK').reduce((sum, argv) => sum + argv.length - 1, 0));
		sent.push(turn.value.argvs);
		turn = rounds.next(reply);
	}
	return {batch, sent, account: turn.done === true ? tallyText(turn.value) : 'goes on'};
}

const keys = (count: number, from = 0) => Array.from({length: count}, (_, index) => `k:${from + index}`);

it('scans and unlinks by turns, in bytes, until the cursor is 0', () => {
	const {batch, sent, account} = carriedOut({}, [[['7', ['k:1', 'k:2']]], [2], [['9', []]], [['0', ['k:3']]], [1]]);
	expect(sent).toEqual([
		[['SCAN', '0', 'MATCH', 'Ã¼:*', 'COUNT', '500']],
		[['UNLINK', 'k:1', 'k:2']],
		[['SCAN', '7', 'MATCH', 'Ã¼:*', 'COUNT', '500']],
		[['SCAN', '9', 'MATCH', 'Ã¼:*', 'COUNT', '500']],
		[['UNLINK', 'k:3']],
	]);
	expect(account).toBe('3 done');
	expect(batch).toMatchObject({kind: 'batch', unit: 'keys', total: 10, encoding: 'bytes'});
});

it('counts by what the server says: gone, or named twice by SCAN', () => {
	expect(carriedOut({}, [[['7', ['k:1', 'k:2', 'k:2']]], [1], [['0', ['k:1']]], [0]]).account).toBe('1 done, 2 skipped (2 gone)');
});

it('selects the database first, and once', () => {
	const {sent} = carriedOut({db: 3}, [['OK', ['7', []]], [['0', []]]]);
	expect(sent.map(argvs => argvs.map(([command]) => command))).toEqual([['SELECT', 'SCAN'], ['SCAN']]);
});

it.each([
	[3, [200, 200, 100]],
	[25, [100, 100, 100, 100, 100]],
	[600, Array.from({length: 125}, () => 4)],
	[10_000, Array.from({length: 500}, () => 1)],
])('takes as many at once as %i µs each allow', (microsPerKey, sizes) => {
	const {sent, account} = carriedOut({microsPerKey}, [[['0', keys(500)]], ...sizes.map(size => [size])]);
	expect(sent.slice(1).map(([argv]) => (argv?.length ?? 0) - 1)).toEqual(sizes);
	expect(account).toBe('500 done');
});

it('sends one key at a time, many in a round, to a cluster', () => {
	const {sent, account} = carriedOut({isCluster: true}, [[['0', keys(3)]], [1, 0, 1]]);
	expect(sent[1]).toEqual([
		['UNLINK', 'k:0'],
		['UNLINK', 'k:1'],
		['UNLINK', 'k:2'],
	]);
	expect(account).toBe('2 done, 1 skipped (1 gone)');
});

it('leaves alone what looks like a queue that has come since the dry run, and all below it from there on', () => {
	const cleared = new ClearedBases();
	cleared.see('user:1:meta');
	const pages = [['0', ['user:1:meta', 'user:1:id', 'new:q:wait', 'new:q:12', 'new:q:12:lock', 'new:r:1']]];
	const {sent, account} = carriedOut({cleared}, [pages, [3]]);
	expect(sent[1]).toEqual([['UNLINK', 'user:1:meta', 'user:1:id', 'new:r:1']]);
	expect(account).toBe('3 done, 3 skipped (3 may belong to a queue)');
});

it('takes a hundred of one shape, none of them a queue, for a data model', () => {
	const cleared = new ClearedBases();
	for (let index = 0; index < 99; index += 1) cleared.see(`user:${index}:meta`);
	expect([cleared.has('user:7'), cleared.has('user:500'), cleared.has('bull:orders')]).toEqual([true, false, false]);
	cleared.see('user:99:id');
	expect([cleared.has('user:500'), cleared.has('bull:orders')]).toEqual([true, false]);
});

it('leaves alone what has become a queue’s since', () => {
	const {sent, account} = carriedOut({}, [[['0', ['k:1', 'bull:orders:12']]], [1]]);
	expect(sent[1]).toEqual([['UNLINK', 'k:1']]);
	expect(account).toBe('1 done, 1 skipped (1 may belong to a queue)');
});

it('ends with an account where the server refuses', () => {
	const refused = new ServerRefusedError('MISCONF no');
	expect(carriedOut({}, [[refused]]).account).toBe('0 done');
	// The road ends it at the error reply; the account has the whole command as failed.
	const rounds = unlinkBatch(unlinking).rounds(new Pace(1));
	rounds.next();
	rounds.next([['5', keys(3)]]);
	const {value} = rounds.next([refused]);
	expect(value && 'argvs' in value && tallyText(value.tally)).toBe('0 done, 3 failed (3 MISCONF no)');
});
