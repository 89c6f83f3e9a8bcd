import type {AnyAction} from '../../src/actions/types.ts';
import {emptySnapshot} from '../../src/store/snapshot.ts';
import {blockedWorker, client, consoleClient, noonMs, type StateParts} from './fixtures.ts';
import {oneJobAnswers, openQueueWorld, queueWorld} from './queue-world.ts';
import {sentinelSays, watched} from './sentinel-replies.ts';

export const clients = [consoleClient({id: '1'}), consoleClient({id: '2'}), consoleClient({id: '50'}), client({id: '8'}), blockedWorker({id: '7'})];

/** A world in which the action has something to do. A new action needs its line here. */
export const worlds: Readonly<Record<string, StateParts>> = {
	'script.kill': {server: {kind: 'BUSY', running: 'script'}},
	'script.raise-limit': {settings: {'busy-reply-threshold': '5000'}},
	'monitor.sample': {},
	'slowlog.reset': {},
	'latency.reset': {},
	'memory.purge': {info: {allocator: 'jemalloc-5.3.0'}},
	'persistence.bgsave': {},
	'persistence.aof-rewrite': {info: {aofEnabled: true}},
	'replica.promote': {info: {role: 'replica', masterHost: '10.0.0.1', masterPort: 6379}},
	'server.shutdown-nosave': {server: {kind: 'BUSY', running: 'script'}},
	'client.kill': {clients, selectedClientId: '7'},
	'client.kill-idle': {clients: [...clients, client({id: '9', idleSeconds: 900})]},
	'client.unblock': {clients, selectedClientId: '7'},
	'client.pause-writes': {},
	'config.maxclients': {settings: {maxclients: '1000'}},
	'config.timeout': {settings: {timeout: '0'}},
	'config.maxmemory': {settings: {maxmemory: '104857600'}},
	'config.maxmemory-policy': {settings: {'maxmemory-policy': 'noeviction'}},
	'config.slowlog-log-slower-than': {settings: {'slowlog-log-slower-than': '10000'}},
	'config.save': {settings: {save: ''}},
	'config.appendonly': {settings: {appendonly: 'no'}},
	'config.stop-writes-on-bgsave-error': {settings: {'stop-writes-on-bgsave-error': 'yes'}},
	'keys.unlink': {
		session: {components: [{name: 'limits', keys: ['rl:*'], impact: undefined, isClearable: true}]},
		snapshot: {queueSearch: {...emptySnapshot(0).queueSearch, phase: 'ended', endedAtMs: 1}},
	},
	'queue.pause': openQueueWorld(),
	'queue.resume': openQueueWorld(),
	'queue.clean': openQueueWorld(),
	'queue.retry-failed': queueWorld({failed: 1}),
	'queue.recover-stalled': queueWorld({active: 1, activeWithoutLock: 1}),
	'queue.promote-overdue': queueWorld({delayed: 1, overdue: 1}),
	'sentinel.failover': watched,
	'sentinel.down-after': watched,
};

const said =
	(replies: Readonly<Record<string, unknown>>) =>
	(argv: readonly string[]): unknown =>
		replies[argv.join(' ')];

/** What is said to the reads of an action that has to read before its dialog. */
export const answers: Readonly<Record<string, (argv: readonly string[]) => unknown>> = {
	'slowlog.reset': said({'SLOWLOG LEN': 1, 'SLOWLOG GET 128': [[7, 1_700_000_000, 12_000, ['GET', 'a'], '10.0.0.1:5000', '']]}),
	'latency.reset': said({'LATENCY LATEST': [['command', 1_700_000_000, 12, 40]], 'LATENCY HISTORY command': [[1_700_000_000, 12]]}),
	'client.kill-idle': said({
		'CLIENT LIST': Buffer.from('id=9 addr=10.0.0.1:5000 age=1000 idle=900 flags=N db=0 cmd=get\n'),
		'CLIENT LIST ID 9': 'id=9 addr=10.0.0.1:5000 age=1000 idle=900 flags=N db=0 cmd=get\n',
	}),
	'keys.unlink': said({
		DBSIZE: 10,
		'EXISTS rl:id rl:meta rl:jobs rl:stallBlock': 0,
		'SCAN 0 MATCH rl:* COUNT 500': ['0', ['rl:1', 'rl:2']],
		'MEMORY USAGE rl:1 SAMPLES 5': 64,
		'PTTL rl:1': -1,
		'TYPE rl:1': 'string',
		'TYPE rl:2': 'string',
	}),
	'queue.pause': ([command]) => (command === 'LRANGE' ? [] : 0),
	'queue.resume': ([command]) => (command === 'LRANGE' ? [] : 1),
	'queue.clean': ([command]) => (command === 'ZRANGE' ? ['7', '1735732800000'] : 3),
	'queue.retry-failed': oneJobAnswers({score: noonMs}),
	'queue.recover-stalled': oneJobAnswers({}),
	'queue.promote-overdue': oneJobAnswers({score: noonMs * 4096}),
	'sentinel.failover': sentinelSays(),
	'sentinel.down-after': sentinelSays(),
};

/** They act on others than the server, and work while it does not answer. */
export const goesToSentinels = ({id}: AnyAction): boolean => id.startsWith('sentinel.');

/** What product.md, section 5, says of their danger. */
export const grades = {
	'script.kill': 'disruptive',
	'script.raise-limit': 'disruptive',
	'monitor.sample': 'disruptive',
	'slowlog.reset': 'disruptive',
	'latency.reset': 'disruptive',
	'memory.purge': 'disruptive',
	'persistence.bgsave': 'disruptive',
	'persistence.aof-rewrite': 'disruptive',
	'replica.promote': 'destructive',
	'server.shutdown-nosave': 'destructive',
	'client.kill': 'disruptive',
	'client.kill-idle': 'destructive',
	'client.unblock': 'disruptive',
	'client.pause-writes': 'disruptive',
	'config.maxclients': 'disruptive',
	'config.timeout': 'disruptive',
	'config.maxmemory': 'disruptive',
	'config.maxmemory-policy': 'disruptive',
	'config.slowlog-log-slower-than': 'disruptive',
	'config.save': 'disruptive',
	'config.appendonly': 'disruptive',
	'config.stop-writes-on-bgsave-error': 'disruptive',
	'keys.unlink': 'destructive',
	'queue.pause': 'disruptive',
	'queue.resume': 'disruptive',
	'queue.clean': 'destructive',
	'queue.retry-failed': 'disruptive',
	'queue.recover-stalled': 'disruptive',
	'queue.promote-overdue': 'disruptive',
	'sentinel.failover': 'destructive',
	'sentinel.down-after': 'disruptive',
};
