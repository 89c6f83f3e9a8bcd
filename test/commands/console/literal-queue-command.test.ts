import {expect, it} from 'vitest';
import {literalCommand} from '../../../src/commands/console/literal-command.ts';
import type {QueueView} from '../../../src/store/opened-queue.ts';
import {received} from '../../../src/store/resource.ts';
import {noonMs, stateWith} from '../../helpers/fixtures.ts';
import {jobPage, openedAt, queueView} from '../../helpers/opened-queue.ts';
import {queueStatus} from '../../helpers/queue-status.ts';

const nothing = () => undefined;

function copied(view: QueueView): readonly string[] | undefined {
	const page = jobPage({state: view.state, from: view.from});
	const state = stateWith({opened: openedAt(view, page), ui: {view: 'queues', focus: 'queues', queue: view}});
	return literalCommand(state, nothing)?.map(argv => argv.join(' '));
}

it.each<[string, Partial<QueueView>, string | undefined]>([
	['the list', {}, 'LRANGE bull:orders:wait -50 -1'],
	['the page of a list', {from: 50}, 'LRANGE bull:orders:wait -100 -51'],
	['the page of failed jobs', {state: 'failed'}, 'ZREVRANGE bull:orders:failed 0 49 WITHSCORES'],
	['the failed jobs behind their reasons', {state: 'failed', showsReasons: true, selectedId: '3'}, 'ZREVRANGE bull:orders:failed 0 49 WITHSCORES'],
	['the job under the cursor', {selectedId: '12'}, 'HGETALL bull:orders:12'],
	['the list where its row has gone', {selectedId: '99'}, 'LRANGE bull:orders:wait -50 -1'],
	['the job that is open', {selectedId: '12', job: {id: '12', offset: 0}}, 'HGETALL bull:orders:12'],
	['a job of bee-queue', {id: 'bq:mail', family: 'bee-queue', selectedId: '12'}, 'HGET bq:mail:jobs 12'],
	['the failed ones of bee-queue', {id: 'bq:mail', family: 'bee-queue', state: 'failed'}, 'SSCAN bq:mail:failed 0 COUNT 50'],
	['the list of Sidekiq', {id: 'queue:mail', family: 'sidekiq', selectedId: '12'}, 'LRANGE queue:mail -20 -1'],
	['nothing where there are no jobs', {id: 'rq:queue:mail', family: 'rq'}, undefined],
])('y copies %s', (_what, change, command) => expect(copied(queueView(change))?.[0]).toBe(command));

it.each([
	['of the queue under the cursor what runs next', {}, 'LRANGE bull:orders:wait -50 -1'],
	['where a pause has put it', {paused: true, waiting: 5}, 'LRANGE bull:orders:paused -50 -1'],
] as const)('in the list %s', (_what, change, command) => {
	const state = stateWith({
		snapshot: {queues: received([queueStatus(change)], noonMs)},
		ui: {view: 'queues', focus: 'queues'},
		panes: {queues: {selectedId: 'bull:orders'}},
	});
	expect(literalCommand(state, nothing)?.[0]?.join(' ')).toBe(command);
});
