import {RespClient} from '../../../src/demo/resp-client.ts';
import type {ConsoleState} from '../../../src/store/store.ts';
import {startGate} from '../../helpers/gate.ts';
import type {Fault, World} from './fault.ts';

const login = 'limited';
const word = 'pa55-of-limited';

/** A console that is the user `limited`, who may do all at first; what the server would take is asked as that user, too. */
const asLimited = async (world: World): Promise<readonly string[]> => {
	const asker = await RespClient.open({port: world.redis.port});
	await asker.call('AUTH', login, word);
	world.defer(() => asker.close());
	world.asker = asker;
	return ['-p', String(world.redis.port), '--user', login, '-a', word];
};

const all = {acl: [`${login} on >${word} ~* &* +@all`]};

const rights =
	(...rules: readonly string[]) =>
	({witness}: World) =>
		witness.call('ACL', 'SETUSER', login, ...rules);

/** What was refused once on a connection is not asked again on it: what is allowed now, the next one finds out. */
const connectAnew = ({witness}: World) => witness.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');

const allowAll = async (world: World): Promise<unknown> => {
	await rights('+@all', '~*')(world);
	return connectAnew(world);
};

const isLimited = ({findings}: ConsoleState) => findings.some(({id}) => id === 'access.limited');
const isUnlimited = (state: ConsoleState) => !isLimited(state);
const missing =
	(...commands: readonly string[]) =>
	({findings}: ConsoleState): boolean => {
		const title = findings.find(({id}) => id === 'access.limited')?.title ?? '';
		return commands.every(command => title.includes(command));
	};

const password = ({witness}: World, value: string) => witness.call('CONFIG', 'SET', 'requirepass', value);

/** As a real 7.0.15 says it to a stranger on a network of its own (`unshare -n`); on loopback it says it to nobody. */
const protectedMode =
	'DENIED Redis is running in protected mode because protected mode is enabled and no password is set for the default user. In this mode connections are only accepted from the loopback interface. If you want to connect from external computers to Redis you may adopt one of the following solutions: 1) Just disable protected mode';

export const accessFaults: readonly Fault[] = [
	{
		name: 'NOAUTH: a password is set',
		strike: async world => {
			await password(world, 'new');
			return connectAnew(world);
		},
		kind: 'NOAUTH',
		isMute: true,
		says: /password/,
		// A refused login is tried again after five seconds: some servers lock a user out after a few.
		lift: world => password(world, ''),
	},
	{
		name: 'WRONGPASS: the password has been changed',
		redis: {password: 'old'},
		strike: async world => {
			await password(world, 'new');
			return connectAnew(world);
		},
		kind: 'WRONGPASS',
		isMute: true,
		says: /refused user or password/,
		lift: world => password(world, 'old'),
	},
	{
		name: 'NOPERM: neither PING nor INFO',
		redis: all,
		arrange: asLimited,
		strike: rights('-@all', '+acl|whoami', '+acl|dryrun'),
		kind: 'NOPERM',
		isGuess: true,
		says: /neither PING nor INFO/,
		offers: 'as the rights were when they were last asked about',
		lift: allowAll,
	},
	{
		name: 'NOPERM: only PING and INFO',
		redis: {acl: [`${login} on >${word} ~* -@all +ping +info`]},
		arrange: asLimited,
		strike: async () => undefined,
		kind: 'OK',
		isTold: missing('CLIENT LIST', 'SLOWLOG GET', 'CONFIG GET'),
		finding: 'access.limited',
		isGuess: true,
		says: /may not run CLIENT LIST, SLOWLOG GET, CONFIG GET/,
		lift: allowAll,
		isBack: isUnlimited,
	},
	{
		name: 'NOPERM: no write, no kill, no setting, and ACL DRYRUN tells so',
		redis: {acl: [`${login} on >${word} ~* -@all +@read +info +ping +select +client|list +slowlog|get +config|get +acl|whoami +acl|dryrun`]},
		arrange: asLimited,
		strike: async () => undefined,
		kind: 'OK',
		isTold: ({snapshot}) => snapshot.permissions.data,
		isNew: true,
		says: /nothing is wrong/,
		lift: allowAll,
		isBack: ({snapshot}) => snapshot.permissions.data?.get('UNLINK'),
	},
	{
		name: 'NOPERM: no key',
		redis: {acl: [`${login} on >${word} resetkeys +@all`]},
		arrange: asLimited,
		strike: async () => undefined,
		kind: 'OK',
		isTold: isLimited,
		finding: 'access.limited',
		isGuess: true,
		isNew: true,
		says: /may not run/,
		lift: allowAll,
		isBack: isUnlimited,
	},
	{
		name: 'CONFIG, CLIENT and SLOWLOG are switched off (a managed service)',
		redis: {confLines: ['CONFIG', 'CLIENT', 'SLOWLOG'].map(command => `rename-command ${command} ""`)},
		strike: async () => undefined,
		kind: 'OK',
		isTold: missing('CLIENT LIST', 'SLOWLOG GET', 'CONFIG GET'),
		finding: 'access.limited',
		says: /may not run CLIENT LIST, SLOWLOG GET, CONFIG GET/,
	},
	{
		name: 'PING, INFO and HELLO have other names',
		redis: {confLines: ['PING', 'INFO', 'HELLO'].map(command => `rename-command ${command} no-longer-${command}`)},
		strike: async () => undefined,
		kind: 'OK',
		isTold: missing('INFO'),
		isSettled: missing('INFO commandstats'),
		finding: 'access.limited',
		isGuess: true,
		isNew: true,
		says: /may not run INFO/,
	},
	{
		name: 'Protected mode',
		arrange: async world => {
			const gate = await startGate(world.redis.port);
			world.defer(gate.close);
			gates.set(world, gate);
			return ['-p', String(gate.port)];
		},
		strike: async world => gates.get(world)?.turn({kind: 'denies', line: protectedMode}),
		kind: 'NOPERM',
		isMute: true,
		says: /Protected mode/,
		lift: async world => gates.get(world)?.turn({kind: 'passes'}),
	},
];

const gates = new WeakMap<World, Awaited<ReturnType<typeof startGate>>>();
