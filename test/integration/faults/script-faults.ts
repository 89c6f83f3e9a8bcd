import {endlessEval, endlessFcall, loadEndlessFunction} from '../../helpers/stuck-script.ts';
import type {Fault, World} from './fault.ts';

/** BUSY replies begin so soon; the old name of the setting works in every version. */
const quick = {'lua-time-limit': 300};

/** Send it and let it run: who has called it gets an answer when it has been killed. */
const start =
	(argv: readonly string[]) =>
	async ({redis, defer}: World) => {
		const caller = await redis.connect();
		defer(() => caller.close());
		void caller.call(...argv).catch(() => undefined);
	};

/** Ends by itself after about three seconds: by the clock where it moves within a script (7.0), else by the work. */
const threeSeconds = "local began = redis.call('TIME')[1] for i = 1, 400 do for j = 1, 1000000 do end if redis.call('TIME')[1] - began > 3 then break end end";

/** 10,000 elements at a time, for some seconds: the clock is only looked at between Lua instructions, and there are few (facts, trap 4). */
const heavyCalls = [
	'EVAL',
	"local began = redis.call('TIME')[1] for i = 1, 2000 do redis.call('LRANGE', 'long', 0, 9999) if redis.call('TIME')[1] - began > 2 then break end end",
	'0',
];

const untilEnded = async ({witness}: World) => witness.call('PING').catch(() => undefined);

export const scriptFaults: readonly Fault[] = [
	{
		name: 'A script, before BUSY is answered',
		redis: {conf: {'lua-time-limit': 3000}},
		strike: start(endlessEval),
		kind: 'SILENT',
		isMute: true,
		says: /has not answered/,
		// Taken when BUSY begins (facts, trap 6).
		lift: ({witness}) => witness.call('SCRIPT', 'KILL'),
	},
	{
		name: 'BUSY: EVAL',
		redis: {conf: quick},
		strike: start(endlessEval),
		kind: 'BUSY',
		isTold: ({snapshot: {server}}) => server.running === 'script',
		says: /A script has blocked/,
		lift: (_world, session) => session.act('SCRIPT', 'KILL'),
	},
	{
		name: 'BUSY: EVALSHA',
		redis: {conf: quick},
		strike: async world => {
			const sha = String(await world.witness.call('SCRIPT', 'LOAD', 'while true do end'));
			return start(['EVALSHA', sha, '0'])(world);
		},
		kind: 'BUSY',
		isTold: ({snapshot: {server}}) => server.running === 'script',
		says: /A script has blocked/,
		lift: (_world, session) => session.act('SCRIPT', 'KILL'),
	},
	{
		name: 'BUSY: FCALL',
		redis: {conf: quick},
		strike: async world => {
			await loadEndlessFunction(world.redis);
			return start(endlessFcall)(world);
		},
		kind: 'BUSY',
		isTold: ({snapshot: {functionStats}}) => functionStats.data?.running,
		says: /Function spin has blocked/,
		lift: (_world, session) => session.act('FUNCTION', 'KILL'),
	},
	{
		name: 'BUSY, UNKILLABLE: it has written',
		redis: {conf: quick},
		strike: async (world, session) => {
			const kill = async () => {
				await session.until('BUSY', ({snapshot}) => snapshot.server.kind === 'BUSY');
				await session.act('SCRIPT', 'KILL').catch(() => undefined);
			};
			await start(['EVAL', `redis.call('SET', 'rl:2', '1') ${threeSeconds}`, '0'])(world);
			void kill().catch(() => undefined);
		},
		kind: 'BUSY',
		isTold: ({snapshot}) => snapshot.unkillableSinceMs,
		says: /UNKILLABLE/,
		withheld: {'script.kill': 'the server takes the command and refuses to obey it: UNKILLABLE'},
		lift: async (_world, session) => session.until('it has ended', ({snapshot}) => snapshot.server.kind !== 'BUSY'),
	},
	{
		name: 'A script of heavy calls, which never comes to BUSY',
		redis: {conf: {'lua-time-limit': 50}},
		strike: async world => {
			await world.witness.call('RPUSH', 'long', ...Array.from({length: 10_000}, (_, index) => String(index)));
			return start(heavyCalls)(world);
		},
		kind: 'SILENT',
		isMute: true,
		says: /has not answered/,
		lift: untilEnded,
	},
	{
		name: 'One slow command (DEBUG SLEEP 3)',
		redis: {debugCommand: true},
		strike: start(['DEBUG', 'SLEEP', '3']),
		kind: 'SILENT',
		isMute: true,
		says: /has not answered/,
		lift: untilEnded,
	},
	{
		name: 'The process is stopped (kill -STOP)',
		strike: async ({redis}) => redis.signal('SIGSTOP'),
		kind: 'SILENT',
		isMute: true,
		says: /has not answered/,
		lift: async ({redis}) => redis.signal('SIGCONT'),
	},
	{
		name: 'The process is gone (kill -9), and comes back',
		strike: ({redis}) => redis.kill(),
		kind: 'DOWN',
		isMute: true,
		says: /The server is down/,
		lift: ({redis}) => redis.restart(),
	},
];
