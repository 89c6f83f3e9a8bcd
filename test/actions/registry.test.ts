import {describe, expect, it} from 'vitest';
import {builtInActions as actions, registryOf} from '../../src/actions/registry.ts';
import type {AnyAction} from '../../src/actions/types.ts';
import {runningNow} from '../../src/store/running.ts';
import {bindByReading, bindIn, setUp} from '../helpers/action-run.ts';
import {blockedWorker, client, consoleClient, type StateParts, stateWith} from '../helpers/fixtures.ts';
import {openQueueWorld} from '../helpers/queue-world.ts';

const clients = [consoleClient({id: '1'}), consoleClient({id: '2'}), consoleClient({id: '50'}), client({id: '8'}), blockedWorker({id: '7'})];

const queue = openQueueWorld();

/** A world in which the action has something to do. A new action needs its line here. */
const worlds: Readonly<Record<string, StateParts>> = {
	'script.kill': {server: {kind: 'BUSY', running: 'script'}},
	'script.raise-limit': {settings: {'busy-reply-threshold': '5000'}},
	'client.kill': {clients, selectedClientId: '7'},
	'client.unblock': {clients, selectedClientId: '7'},
	'queue.pause': queue,
	'queue.resume': queue,
	'queue.clean': queue,
};

/** What the server says to what an action reads before the dialog, where it reads. */
const answers: Readonly<Record<string, (argv: readonly string[]) => unknown>> = {
	'queue.pause': ([command]) => (command === 'LRANGE' ? [] : 0),
	'queue.resume': ([command]) => (command === 'LRANGE' ? [] : 1),
	'queue.clean': ([command]) => (command === 'ZRANGE' ? ['7', '1735732800000'] : 3),
};

const bindInWorld = (action: AnyAction, world: StateParts) => {
	const answer = answers[action.id];
	return answer ? bindByReading(action, world, answer) : bindIn(action, world);
};

/** What product.md, section 5, says of their danger. */
const grades = {
	'script.kill': 'disruptive',
	'script.raise-limit': 'disruptive',
	'client.kill': 'disruptive',
	'client.unblock': 'disruptive',
	'queue.pause': 'disruptive',
	'queue.resume': 'disruptive',
	'queue.clean': 'destructive',
};

const worldOf = ({id}: AnyAction): StateParts => {
	const world = worlds[id];
	if (!world) throw new Error(`${id} has no world in this test`);
	return world;
};

it('has every action once, and finds it by id', () => {
	const ids = actions.map(({id}) => id);
	expect(new Set(ids).size).toBe(ids.length);
	const {byId} = registryOf();
	expect(actions.map(({id}) => byId(id))).toEqual(actions);
	expect(byId('nobody.knows')).toBeUndefined();
});

it('grades every action as the contract does', () => expect(Object.fromEntries(actions.map(({id, danger}) => [id, danger]))).toEqual(grades));

describe.each(actions.map(action => [action.id, action] as const))('%s', (id, action) => {
	const world = worldOf(action);
	const state = stateWith(world);

	it('is named for humans and documented in full', () => {
		expect(id).toMatch(/^[a-z]+\.[a-z-]+$/);
		for (const text of [action.title, ...Object.values(action.doc)]) expect(text.trim()).not.toBe('');
		expect(Object.keys(action.doc).toSorted()).toEqual(['cost', 'does', 'sends', 'undo', 'verify']);
	});

	it('can run in its world', () => expect(action.refusal(state)).toBeUndefined());

	it('has a plan that does not change: bound twice, and in a later state, it is the same', () => {
		const {plan} = bindInWorld(action, world);
		expect(plan.length).toBeGreaterThan(0);
		expect(bindInWorld(action, world).plan).toEqual(plan);
		expect(bindInWorld(action, {...world, nowMs: state.nowMs + 60_000}).plan).toEqual(plan);
	});

	it('shows in the dialog what it sends, and what it means', () => {
		const {plan, request} = bindInWorld(action, world);
		expect(request).toMatchObject({plan, actionId: id, title: action.title, danger: action.danger});
		for (const text of [request.undo, request.cost, ...request.effect]) expect(text.trim()).not.toBe('');
		expect(request.effect.length).toBeGreaterThan(0);
		expect(request.facts.length).toBeGreaterThan(0);
		expect(request.word === undefined).toBe(action.danger !== 'destructive');
	});

	it('sends only what its documentation says, and nothing that is banned', () => {
		const {plan, undo} = bindInWorld(action, world);
		for (const argv of [...plan, ...('plan' in undo ? undo.plan : [])]) {
			expect(bannedBy(argv)).toBeUndefined();
			expect(action.doc.sends).toContain(commandOf(argv));
		}
	});

	it('changes the server, so it is graded', () => expect(action.danger).not.toBe('safe'));

	it('gives a reply a time of its own, and asks for what it must see to judge', () => {
		const bound = bindInWorld(action, world);
		expect(bound.deadlineMs(state)).toBeGreaterThanOrEqual(1000);
		expect(bound.deadlineMs(state)).toBeLessThanOrEqual(60_000);
		expect(bound.evidence.length).toBeGreaterThan(0);
	});

	it('sends nothing and asks nothing in a read-only console', async () => {
		const {send, deps, run} = setUp({action, state: {...world, session: {mode: 'read-only'}}});
		await expect(run()).resolves.toMatchObject({outcome: 'refused', detail: 'This console is read-only'});
		expect(send).not.toHaveBeenCalled();
		expect(deps.confirm).not.toHaveBeenCalled();
	});

	it('never has a console among its targets', () => {
		const consoles = clients.filter(({kind}) => kind === 'console').map(row => row.id);
		const everybody = {...world, clients, markedClientIds: clients.map(row => row.id)};
		const sent = action.literalPlan(stateWith(everybody))?.flat() ?? [];
		expect(consoles.filter(own => sent.includes(own))).toEqual([]);
	});

	it.each(['CONNECTING', 'DOWN', 'UNREACHABLE', 'NOAUTH', 'WRONGPASS'] as const)('is refused while the server is %s', kind => {
		expect(action.refusal(stateWith({...world, server: {kind}}))).toBeDefined();
	});

	it('is refused in a silence, unless the silence is what it ends', () => {
		const silent = stateWith({...world, server: {kind: 'SILENT'}});
		expect(runningNow(silent.snapshot)).toBeDefined();
		expect(action.refusal(silent) === undefined).toBe(id === 'script.kill');
	});
});

/** What names the command: with the word after it, unless that is a number or a sum. */
const commandOf = ([command = '', word = '']: readonly string[]): string => (['SELECT', 'EVALSHA'].includes(command) ? command : `${command} ${word}`);

/** Commands that must never leave this program, with what is bad about them. */
function bannedBy(argv: readonly string[]): string | undefined {
	const [command = '', subcommand = ''] = argv.map(word => word.toUpperCase());
	if (['KEYS', 'FLUSHALL', 'FLUSHDB', 'DEBUG', 'SAVE', 'SHUTDOWN', 'SWAPDB', 'MIGRATE', 'REPLICAOF', 'SLAVEOF', 'EVAL'].includes(command)) return command;
	if (command === 'CONFIG' && ['REWRITE', 'RESETSTAT'].includes(subcommand)) return `CONFIG ${subcommand}`;
	if (command === 'CLIENT' && subcommand === 'KILL' && argv[2]?.toUpperCase() !== 'ID') return 'CLIENT KILL by anything but an id';
	if (command === 'CLIENT' && subcommand === 'PAUSE' && argv[3]?.toUpperCase() !== 'WRITE') return 'CLIENT PAUSE ALL';
	if (command === 'SCRIPT' && subcommand === 'FLUSH') return 'SCRIPT FLUSH';
	if (command === 'FUNCTION' && subcommand !== 'KILL') return `FUNCTION ${subcommand}`;
	return undefined;
}

it.each([
	[['KEYS', '*'], 'KEYS'],
	[['shutdown'], 'SHUTDOWN'],
	[['CONFIG', 'rewrite'], 'CONFIG REWRITE'],
	[['CLIENT', 'KILL', 'ADDR', '10.0.0.1:5000'], 'CLIENT KILL by anything but an id'],
	[['CLIENT', 'KILL', 'ID', '7'], undefined],
	[['CONFIG', 'SET', 'maxclients', '10'], undefined],
])('knows what is banned: %j', (argv, expected) => expect(bannedBy(argv)).toBe(expected));
