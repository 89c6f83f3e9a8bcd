import {describe, expect, it, vi} from 'vitest';
import {clientKillIdle} from '../../../src/actions/clients/client-kill-idle.ts';
import {emptyTally, tallyText, withDone, withSkipped} from '../../../src/actions/tally.ts';
import type {Rounds} from '../../../src/actions/types.ts';
import {Pace} from '../../../src/pace.ts';
import type {ConfirmRequest} from '../../../src/store/dialog.ts';
import {bindByReading, failureIn, setUp} from '../../helpers/action-run.ts';
import {client, noonMs, type StateParts, stateWith} from '../../helpers/fixtures.ts';

type Row = {
	readonly id: number;
	readonly idle?: number;
	readonly flags?: string;
	readonly name?: string;
	readonly sub?: number;
	readonly cmd?: string;
	readonly db?: number;
};
const line = ({id, idle = 900, flags = 'N', name = 'api-1', sub = 0, cmd = 'get', db = 0}: Row) =>
	`id=${id} addr=10.0.0.${id % 3}:${5000 + id} name=${name} age=5000 idle=${idle} flags=${flags} db=${db} sub=${sub} psub=0 cmd=${cmd}\n`;
const list = (...rows: readonly Row[]) => rows.map(line).join('');

const crowd: readonly Row[] = [
	{id: 1, name: 'redis-triage:tester@host:observe', cmd: 'ping'},
	{id: 10},
	{id: 11, idle: 3600, db: 2},
	{id: 12, idle: 299},
	{id: 13, flags: 'b', cmd: 'blpop'},
	{id: 14, flags: 'b', cmd: 'wait'},
	{id: 15, flags: 'S', cmd: 'replconf'},
	{id: 16, flags: 'M'},
	{id: 17, flags: 'O', cmd: 'monitor'},
	{id: 18, flags: 'P', sub: 1, cmd: 'subscribe'},
	{id: 19, flags: 'x'},
	{id: 20, flags: 't'},
	{id: 21, idle: 300},
	{id: 2, name: ''},
];

const world: StateParts = {clients: [client({id: '10', idleSeconds: 5000})]};
const server =
	(rows: readonly Row[], canLookAgain = true) =>
	(argv: readonly string[]): unknown => {
		if (argv[0] !== 'CLIENT') return new Error('NOPERM');
		if (argv[2] !== 'ID') return Buffer.from(list(...rows));
		return canLookAgain ? list(...rows.filter(({id}) => argv.includes(String(id)))) : new Error('ERR syntax error');
	};
const bound = (set: Readonly<Record<string, string>> = {}, answer = server(crowd)) => bindByReading(clientKillIdle, world, answer, {on: [], set});
const planned = (target: ReturnType<typeof bound>) => target.plan.map(argv => argv.join(' '));

describe('who is closed', () => {
	it('ordinary ones idle for so long, by a list read for it; longest first, by id', () => {
		expect(planned(bound())).toEqual(['CLIENT KILL ID 11', 'CLIENT KILL ID 10', 'CLIENT KILL ID 21']);
		expect(planned(bound({over: '1h'}))).toEqual(['CLIENT KILL ID 11']);
		expect(planned(bound({seconds: '200'}))).toHaveLength(4);
	});

	it('is found in a list of any length, and a key has its turn meanwhile', async () => {
		const many = Array.from({length: 30_000}, (_, index): Row => ({id: 100 + index, idle: index % 1000}));
		const {run, deps} = setUp({action: clientKillIdle, state: world, answer: server(many), confirm: false, choice: {on: [], set: {idle: '999'}}});
		let turns = 0;
		let isOver = false;
		const turn = () => {
			turns++;
			if (!isOver) setImmediate(turn);
		};
		setImmediate(turn);
		expect(await run()).toMatchObject({outcome: 'cancelled'});
		isOver = true;
		expect(turns).toBeGreaterThan(3);
		const [[request]] = vi.mocked(deps.confirm).mock.calls as [[ConfirmRequest]];
		expect(request.facts).toContainEqual(['idle for', '16m39s or longer: 30 of 30,000 ordinary clients']);
	});

	it('is told with who is left alone', () => {
		const facts = Object.fromEntries(bound().request.facts);
		expect(facts).toMatchObject({
			'idle for': '5m00s or longer: 3 of 4 ordinary clients',
			idle: '5m00s to 1h00m, connected for all 1h23m',
			databases: 'db0 2, db2 1',
			'left alone': 'console 2, blocked worker 1, blocked 1, 6 more',
		});
	});

	it.each([
		['somebody', {idle: '7200'}, 'No ordinary client has been idle for 2h00m or longer'],
		['a time', {idle: 'long'}, 'idle must be a time, as in 90 (seconds), 15m, 2h or 7d'],
		['a time that means something', {idle: '0'}, 'idle must be 1 second or more: below that everybody is'],
	])('must be %s', (_what, set, refused) => {
		expect(clientKillIdle.refusal(stateWith(world), {on: [], set})).toEqual({refused, needsInput: true});
	});

	it('is not named one by one', () =>
		expect(clientKillIdle.refusal(stateWith(world), {on: ['10'], set: {}})?.refused).toContain('client.kill closes clients by id'));

	it('is not known without a list, and not refused by one that is old', () => {
		expect(clientKillIdle.refusal(stateWith())?.refused).toBe('The client list has not been read yet');
		const fresh = stateWith({clients: [client({id: '10', idleSeconds: 1})]});
		expect(clientKillIdle.refusal(fresh)).toMatchObject({needsInput: true});
		expect(clientKillIdle.refusal({...fresh, nowMs: noonMs + 301_000})).toBeUndefined();
	});

	it('may be nobody once the list is read, and a server may refuse the list', () => {
		expect(() => bound({}, server([{id: 10, idle: 2}]))).toThrow('No ordinary client has been idle for 5m00s or longer');
		expect(() => bound({}, () => new Error('NOPERM client|list'))).toThrow('The clients could not be listed: NOPERM client|list');
	});
});

describe('the rounds', () => {
	const roundsOf = (target: ReturnType<typeof bound>): Rounds => {
		if (target.work?.kind !== 'batch') throw new Error('it is no batch');
		return target.work.rounds(new Pace(1));
	};
	const next = (rounds: Rounds, replies: readonly unknown[] = []) => {
		const turn = rounds.next(replies);
		return turn.done === true ? tallyText(turn.value) : turn.value.argvs.map(argv => argv.join(' '));
	};

	it('look at each again: who is active, in use or gone is left alone', () => {
		const rounds = roundsOf(bound({idle: '299'}));
		expect(next(rounds)).toEqual(['CLIENT LIST ID 11 10 21 12']);
		expect(next(rounds, [list({id: 11, idle: 0}, {id: 10, flags: 'b', cmd: 'blpop'}, {id: 12, idle: 300})])).toEqual(['CLIENT KILL ID 12']);
		expect(next(rounds, [0])).toBe('0 done, 4 skipped (2 gone by itself, 1 active again, 1 in use now)');
	});

	it('end without a kill where nobody is left', () => {
		const rounds = roundsOf(bound());
		next(rounds);
		expect(next(rounds, [''])).toBe('0 done, 3 skipped (3 gone by itself)');
	});

	it('go without a second look on a server that has none, and say so', () => {
		const target = bound({}, server(crowd, false));
		expect(target.request.goesOn).toContain('no CLIENT LIST ID');
		const rounds = roundsOf(target);
		expect(next(rounds)).toEqual(['CLIENT KILL ID 11', 'CLIENT KILL ID 10', 'CLIENT KILL ID 21']);
		expect(next(rounds, [1, 1, new Error('ERR no')])).toBe('2 done, 1 failed (1 ERR no)');
	});

	it('are small enough for 5 ms', () => {
		const rounds = roundsOf(bound({}, server(Array.from({length: 1000}, (_, index) => ({id: 100 + index})))));
		expect(next(rounds)[0]?.split(' ')).toHaveLength(103);
	});

	it('end where the server refuses to list', () => {
		const rounds = roundsOf(bound());
		next(rounds);
		expect(next(rounds, [new Error('NOPERM')])).toBe('0 done');
	});
});

describe('what must hold, and the verdict', () => {
	const target = bound();
	const listed = (...ids: readonly string[]): StateParts => ({
		nowMs: noonMs + 1000,
		clients: ids.map(id => client({id, address: `10.0.0.${Number(id) % 3}:${5000 + Number(id)}`})),
	});
	const done = (count: number, skipped: Readonly<Record<string, number>> = {}) => ({
		replies: [],
		tally: Object.entries(skipped).reduce((tally, [reason, times]) => withSkipped(tally, reason, times), withDone(emptyTally, count)),
	});

	it('some of them are still there, by a list newer than the one they are from', () => {
		expect(failureIn(target, world)).toBeUndefined();
		expect(failureIn(target, listed('10'))).toBeUndefined();
		expect(failureIn(target, listed('99'))).toBe('All of them have already gone');
		expect(failureIn(target, {...listed('10'), session: {ownClientIds: new Set(['21'])}})).toBe('A connection of the console’s own is among them');
	});

	it.each<[string, ReturnType<typeof done>, readonly string[], object]>([
		['all are gone', done(3), [], {ok: true, detail: '3 idle clients are disconnected'}],
		['one is active again', done(2, {'active again': 1}), ['10'], {ok: true, detail: '2 idle clients are disconnected, 1 active again'}],
		['one has left before', done(2, {'gone by itself': 1}), [], {ok: true, detail: '2 idle clients are disconnected, 1 gone by itself'}],
		['one is still listed', done(3), ['10'], {ok: false, detail: '1 of 3 are still listed'}],
		['nobody was closed', done(0, {'active again': 3}), ['10', '11', '21'], {ok: false, isFinal: true, detail: 'the server closed nobody, 3 active again'}],
	])('%s', (_what, account, ids, verdict) => expect(target.verify(account, stateWith(listed(...ids)))).toEqual(verdict));
});
