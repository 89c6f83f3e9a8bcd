import {describe, expect, it} from 'vitest';
import {builtInActions as actions, registryOf} from '../../src/actions/registry.ts';
import type {AnyAction} from '../../src/actions/types.ts';
import {runningNow} from '../../src/store/running.ts';
import {bindByReading, failureIn, setUp} from '../helpers/action-run.ts';
import {answers, clients, goesToSentinels, grades, worlds} from '../helpers/action-worlds.ts';
import {type StateParts, stateWith} from '../helpers/fixtures.ts';

const bindIn = (action: AnyAction, world: StateParts) => bindByReading(action, world, answers[action.id] ?? (() => undefined));

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
		const {plan} = bindIn(action, world);
		expect(plan.length).toBeGreaterThan(0);
		expect(bindIn(action, world).plan).toEqual(plan);
		expect(bindIn(action, {...world, nowMs: state.nowMs + 60_000}).plan).toEqual(plan);
	});

	it('shows in the dialog what it sends, and what it means', () => {
		const {plan, request} = bindIn(action, world);
		expect(request).toMatchObject({plan, actionId: id, title: action.title, danger: action.danger});
		for (const text of [request.undo, request.cost, ...request.effect]) expect(text.trim()).not.toBe('');
		expect(request.effect.length).toBeGreaterThan(0);
		expect(request.facts.length).toBeGreaterThan(0);
		expect(request.word === undefined).toBe(action.danger !== 'destructive');
	});

	it('sends only what its documentation says, and nothing that is banned', () => {
		const {plan, undo} = bindIn(action, world);
		for (const argv of [...plan, ...('plan' in undo ? undo.plan : [])]) {
			expect(bannedBy(argv)).toBeUndefined();
			expect(action.doc.sends).toContain(commandOf(argv));
		}
	});

	it('changes the server, so it is graded', () => expect(action.danger).not.toBe('safe'));

	it('gives a reply a time of its own, and asks for what it must see to judge', () => {
		const bound = bindIn(action, world);
		expect(bound.deadlineMs(state)).toBeGreaterThanOrEqual(1000);
		expect(bound.deadlineMs(state)).toBeLessThanOrEqual(60_000);
		expect(bound.evidence.length > 0 || bound.review !== undefined).toBe(true);
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

	it('is refused on another server than the one it was opened on, whatever it sends', () => {
		const bound = bindIn(action, world);
		const failure = (parts: StateParts) => failureIn(bound, {...world, ...parts});
		expect(failure({})).toBeUndefined();
		const elsewhere = {...state.session.target, address: '10.0.0.2:6379'};
		expect(failure({session: {...world.session, target: elsewhere}})).toMatch(/^The console looks at 10\.0\.0\.2:6379 now/);
		const restarted = failure({info: {...world.info, runId: 'b2'}});
		const role = state.snapshot.info.data?.role === 'master' ? 'replica' : 'master';
		const turned = failure({info: {...world.info, role}});
		if (goesToSentinels(action)) return expect(restarted).toBeUndefined();
		expect(restarted).toMatch(/^The server was restarted since this was opened/);
		expect(turned).toMatch(id === 'replica.promote' ? /^It is a master by now/ : /^It has become a replica since this was opened/);
	});

	it.each(['CONNECTING', 'DOWN', 'UNREACHABLE', 'NOAUTH', 'WRONGPASS'] as const)('is refused while the server is %s, unless it does not talk to it', kind => {
		expect(action.refusal(stateWith({...world, server: {kind}})) === undefined).toBe(goesToSentinels(action));
	});

	it('is refused in a silence, unless the silence is what it ends', () => {
		const silent = stateWith({...world, server: {kind: 'SILENT'}});
		expect(runningNow(silent.snapshot)).toBeDefined();
		expect(action.refusal(silent) === undefined).toBe(id === 'script.kill' || goesToSentinels(action));
	});
});

const banned: ReadonlySet<string> = new Set(['KEYS', 'FLUSHALL', 'FLUSHDB', 'DEBUG', 'SAVE', 'SWAPDB', 'MIGRATE', 'SLAVEOF', 'EVAL']);

/** Commands that are allowed in some forms only: what is bad about the others. */
const bounds: Readonly<Record<string, (subcommand: string, third: string) => string | undefined>> = {
	// One that saves blocks the server for as long as that takes, and is refused in BUSY.
	SHUTDOWN: subcommand => (subcommand === 'NOSAVE' ? undefined : 'SHUTDOWN'),
	// To follow another one is to throw one's own data away.
	REPLICAOF: subcommand => (subcommand === 'NO' ? undefined : 'REPLICAOF'),
	CONFIG: subcommand => (['REWRITE', 'RESETSTAT'].includes(subcommand) ? `CONFIG ${subcommand}` : undefined),
	CLIENT(subcommand, third) {
		if (subcommand === 'KILL') return third === 'ID' ? undefined : 'CLIENT KILL by anything but an id';
		return undefined;
	},
	SCRIPT: subcommand => (subcommand === 'FLUSH' ? 'SCRIPT FLUSH' : undefined),
	FUNCTION: subcommand => (subcommand === 'KILL' ? undefined : `FUNCTION ${subcommand}`),
};
/** What names the command: with the word after it, unless that is a number or a sum. */
const commandOf = ([command = '', word = '']: readonly string[]): string =>
	['SELECT', 'EVALSHA'].includes(command) ? command : `${command} ${word}`.trimEnd();

/** Commands that must never leave this program, with what is bad about them. */
function bannedBy(argv: readonly string[]): string | undefined {
	const [command = '', subcommand = '', third = '', fourth = ''] = argv.map(word => word.toUpperCase());
	if (command === 'CLIENT' && subcommand === 'PAUSE' && fourth !== 'WRITE') return 'CLIENT PAUSE ALL';
	return banned.has(command) ? command : bounds[command]?.(subcommand, third);
}

it.each([
	[['KEYS', '*'], 'KEYS'],
	[['shutdown'], 'SHUTDOWN'],
	[['SHUTDOWN', 'nosave', 'NOW'], undefined],
	[['REPLICAOF', '10.0.0.1', '6379'], 'REPLICAOF'],
	[['REPLICAOF', 'NO', 'ONE'], undefined],
	[['CONFIG', 'rewrite'], 'CONFIG REWRITE'],
	[['CLIENT', 'KILL', 'ADDR', '10.0.0.1:5000'], 'CLIENT KILL by anything but an id'],
	[['CLIENT', 'KILL', 'ID', '7'], undefined],
	[['CONFIG', 'SET', 'maxclients', '10'], undefined],
])('knows what is banned: %j', (argv, expected) => expect(bannedBy(argv)).toBe(expected));
