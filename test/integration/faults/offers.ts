import {scriptNeeds} from '../../../src/actions/queues/script-needs.ts';
import {registryOf} from '../../../src/actions/registry.ts';
import type {AnyAction, Choice} from '../../../src/actions/types.ts';
import {ReplyError} from '../../../src/demo/resp.ts';
import type {RespClient} from '../../../src/demo/resp-client.ts';
import {pauseQueue} from '../../../src/queues/lua/pause-queue.ts';
import type {Plan} from '../../../src/store/dialog.ts';
import type {ConsoleState} from '../../../src/store/store.ts';
import {type Fault, queueName} from './fault.ts';

const actions = registryOf().all;

/** A value that differs from what every world here is set to. */
const values: Readonly<Record<string, string>> = {
	'config.maxclients': '9000',
	'config.timeout': '77',
	'config.maxmemory': '900mb',
	'config.maxmemory-policy': 'volatile-lru',
	'config.slowlog-log-slower-than': '77777',
	'config.save': '7200 77',
	'config.appendonly': 'yes',
	'config.stop-writes-on-bgsave-error': 'no',
	'script.raise-limit': '9999',
};

/** What each action would be told to act on in these worlds: the bystander, the worker that waits, the queue, keys that are no queue's. */
function choiceFor({id, on = ''}: AnyAction, {clients}: ConsoleState['snapshot']): Choice {
	const value = values[id];
	const rows = clients.data?.clients ?? [];
	const client = id === 'client.unblock' ? rows.find(({isBlocked}) => isBlocked) : rows.find(({name}) => name === 'bystander');
	const named = /queue/.test(on) ? queueName : /key|pattern/.test(on) ? 'rl:*' : (client?.id ?? '0');
	return {on: on === '' ? [] : [named], set: value === undefined ? {} : {[id === 'script.raise-limit' ? 'ms' : 'value']: value}};
}

/** Why the console would not run it now, by id; undefined: it offers it. */
export function refusalsNow(state: ConsoleState): ReadonlyMap<string, string | undefined> {
	return new Map(actions.map(action => [action.id, action.refusal(state, choiceFor(action, state.snapshot))?.refused]));
}

const ofQueue: Plan = [
	['SCRIPT', 'LOAD', 'return 1'],
	['EVALSHA', '0'.repeat(40), '1', `${queueName}:meta`],
	...scriptNeeds({base: queueName, major: 5}, pauseQueue),
];

/** What is sent by those that read before they know it all: one of each kind. */
const samples: Readonly<Record<string, Plan>> = {
	'slowlog.reset': [['SLOWLOG', 'RESET']],
	'latency.reset': [['LATENCY', 'RESET']],
	'keys.unlink': [
		['SCAN', '0'],
		['UNLINK', 'rl:1'],
	],
	'client.kill-idle': [['CLIENT', 'KILL', 'ID', '1']],
	'client.kill': [['CLIENT', 'KILL', 'ID', '1']],
	'client.unblock': [['CLIENT', 'UNBLOCK', '1']],
	'script.kill': [['SCRIPT', 'KILL']],
};

/** A server takes no part in these: the console asks Sentinels, or nobody can tell (SHUTDOWN stands in no transaction). */
const unaskable: ReadonlySet<string> = new Set(['sentinel.failover', 'sentinel.down-after', 'server.shutdown-nosave']);

function planOf(action: AnyAction, state: ConsoleState): Plan {
	// A script that has begun to write is let go on writing: whether it begins with what makes room is its own affair.
	if (action.id.startsWith('queue.')) return state.snapshot.server.kind === 'OOM' ? ofQueue.slice(0, 2) : ofQueue;
	if (action.id.startsWith('config.')) return [['CONFIG', 'SET', action.id.slice('config.'.length), values[action.id] ?? '']];
	return action.literalPlan(state) ?? samples[action.id] ?? [['MONITOR']];
}

/**
 * What the server says to this now, without doing it: what is queued in a transaction is checked as anything else is (BUSY, LOADING, OOM, rights,
 * unknown commands …), and DISCARD forgets it. Undefined: it would take it.
 */
async function refusalOf(plan: Plan, asker: RespClient): Promise<string | undefined> {
	const replies = await Promise.all(plan.map(async argv => (await asker.pipeline([['MULTI'], argv, ['DISCARD']]))[1]));
	for (const [index, queued] of replies.entries()) {
		if (queued instanceof ReplyError && !(await isForRoom(queued, plan[index] ?? [], asker))) return queued.message;
	}
	return undefined;
}

/** Out of memory a server queues nothing at all, as a queue takes room: then only the command's own flag tells. */
async function isForRoom({message}: ReplyError, [command = '', subcommand = '']: readonly string[], asker: RespClient): Promise<boolean> {
	if (!message.startsWith('OOM')) return false;
	const infos = await asker.call('COMMAND', 'INFO', command, `${command}|${subcommand}`);
	const [plain, contained] = Array.isArray(infos) ? infos : [];
	return !/\bdenyoom\b/.test(JSON.stringify(contained ?? plain));
}

/** Where console and server disagree, one line each; `offered` before the fault. */
export async function disagreements(
	fault: Fault,
	state: ConsoleState,
	before: ReadonlyMap<string, string | undefined>,
	asker: RespClient,
): Promise<readonly string[]> {
	const now = refusalsNow(state);
	const judged = actions.filter(({id}) => !unaskable.has(id) && (now.get(id) === undefined || before.get(id) === undefined));
	// All at once: the state may be over in a moment.
	const answers = await Promise.all(judged.map(action => refusalOf(planOf(action, state), asker)));
	return judged.flatMap(({id}, index) => {
		const [refused, server] = [now.get(id), answers[index]];
		if (refused === undefined && server !== undefined) return [`${id} is offered, and the server would say: ${server}`];
		const isOdd = refused !== undefined && server === undefined && fault.withheld?.[id] === undefined;
		return isOdd ? [`${id} is refused (${refused}), and the server would take it`] : [];
	});
}

/** For the table: what can be done now, the shorter way round. */
export function offersText(now: ReadonlyMap<string, string | undefined>, before: ReadonlyMap<string, string | undefined> | undefined): string {
	const offered = [...now].flatMap(([id, refusal]) => (refusal === undefined ? [id] : []));
	if (!before) return offered.length === 0 ? 'nothing' : 'whatever applies';
	const gone = [...before].flatMap(([id, refusal]) => (refusal === undefined && now.get(id) !== undefined ? [id] : []));
	const were = [...before].flatMap(([id, refusal]) => (refusal === undefined ? [id] : []));
	const come = offered.filter(id => before.get(id) !== undefined);
	if (offered.length === 0) return 'nothing';
	if (offered.length <= gone.length) return brief(offered, offered);
	const more = come.length === 0 ? '' : `, and ${brief(come, come)}`;
	return gone.length === 0 ? `as before${more}` : `as before${more}, but not ${brief(gone, were)}`;
}

/** A family of which all are meant is named once. */
function brief(ids: readonly string[], all: readonly string[]): string {
	const families = new Map<string, string[]>();
	for (const id of ids) families.set(id.split('.')[0] ?? '', [...(families.get(id.split('.')[0] ?? '') ?? []), id]);
	const sizeOf = (family: string) => all.filter(id => id.startsWith(`${family}.`)).length;
	return [...families].flatMap(([family, members]) => (members.length > 2 && members.length === sizeOf(family) ? [`${family}.*`] : members)).join(', ');
}
