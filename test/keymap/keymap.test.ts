import {readFileSync} from 'node:fs';
import {parseSync, Visitor} from 'vite';
import {describe, expect, it} from 'vitest';
import {registryOf} from '../../src/actions/registry.ts';
import {keyLabel} from '../../src/keymap/key-label.ts';
import {type Binding, bindingsIn, type Context, keymap, resolve} from '../../src/keymap/keymap.ts';
import {typedCharacter} from '../../src/keymap/keys.ts';
import {uiCommands} from '../../src/store/ui-commands.ts';

const bindings: readonly Binding[] = keymap;
const contexts = [...new Set(bindings.map(({context}) => context))];

/** Where one is: in a pane, with nothing over it. */
const scripts: readonly Context[] = ['scripts', 'global', 'views', 'always'];
const clients: readonly Context[] = ['clients', 'global', 'views', 'always'];
const dialogs: readonly Context[] = ['dialog', 'dialog-word', 'dialog-running', 'dialog-ended'];
/** Every place one can be in. */
const stacks: readonly (readonly Context[])[] = [
	scripts,
	clients,
	['queues', 'global', 'views', 'always'],
	['queue', 'global', 'views', 'always'],
	['job', 'global', 'views', 'always'],
	['palette', 'text', 'always'],
	['dialog-ended', 'dialog-undo', 'always'],
	...[...dialogs, 'overlay' as const, 'finding' as const, 'text' as const].map((context): readonly Context[] => [context, 'always']),
];
const fields: readonly Context[] = ['text', 'palette', 'dialog-word'];

describe('the table', () => {
	it.each(contexts)('has no key twice in %s', context => {
		const keys = bindings.filter(binding => binding.context === context).flatMap(binding => binding.keys);
		expect(keys).toEqual([...new Set(keys)]);
	});

	it.each(contexts)('has no place in the footer twice in %s', context => {
		const places = bindings.flatMap(binding => (binding.context === context && binding.footer !== undefined ? [binding.footer] : []));
		expect(places).toEqual([...new Set(places)]);
	});

	it('gives every binding a key and a name', () => {
		expect(bindings.filter(({keys, label}) => keys.length === 0 || label.trim() === '')).toEqual([]);
	});

	it.each(bindings.map(binding => [binding.context, binding.keys.join(' '), binding.command] as const))(
		'%s %s: there is a command %s',
		(_context, _keys, command) => {
			const isAction = command.startsWith('action.') && registryOf().byId(command.slice('action.'.length)) !== undefined;
			expect(isAction || uiCommands[command] !== undefined || controllerCommands().has(command)).toBe(true);
		},
	);

	it('binds every command that only moves the view: none is out of reach', () => {
		const bound = new Set(bindings.map(({command}) => command));
		expect(Object.keys(uiCommands).filter(command => !bound.has(command))).toEqual([]);
	});

	it('keeps danger in upper case', () => {
		const dangerous = bindings.filter(({command}) => command.startsWith('action.'));
		expect(dangerous.length).toBeGreaterThan(0);
		expect(dangerous.flatMap(({keys}) => keys).filter(key => !/^[A-Z]$/.test(key))).toEqual([]);
	});
});

describe('the fixed keys', () => {
	it.each([
		['q', 'quit'],
		['ctrl+c', 'quit'],
		['ctrl+z', 'suspend'],
		['?', 'help'],
		[':', 'palette'],
		['0', 'view.overview'],
		['1', 'view.scripts'],
		['2', 'view.clients'],
		['tab', 'pane.next'],
		['shift+tab', 'pane.previous'],
		['j', 'list.next'],
		['down', 'list.next'],
		['k', 'list.previous'],
		['up', 'list.previous'],
		['g', 'list.first'],
		['G', 'list.last'],
		['ctrl+d', 'list.half-down'],
		['ctrl+u', 'list.half-up'],
		['pagedown', 'list.page-down'],
		['pageup', 'list.page-up'],
		['enter', 'open'],
		['escape', 'back'],
		['/', 'filter'],
		['s', 'sort.next'],
		['S', 'sort.reverse'],
		['a', 'group'],
		['space', 'freeze'],
		['+', 'interval.longer'],
		['-', 'interval.shorter'],
		['f', 'finding.next'],
		['F', 'finding.open'],
		['y', 'copy'],
	])('%s is %s in every pane', (key, command) => {
		expect([resolve(key, scripts), resolve(key, clients)]).toEqual([command, command]);
	});

	it.each(['finding', 'overlay'] as const)('V verifies the recovery in an open %s as well', context => {
		expect(resolve('V', [context, 'views', 'always'])).toBe('recovery');
	});

	it.each([
		['K', scripts, 'action.script.kill'],
		['K', clients, 'action.client.kill'],
		['m', clients, 'mark'],
		['M', clients, 'marks.clear'],
		['m', scripts, undefined],
		['x', scripts, undefined],
	])('%s in %j is %s', (key, stack, command) => expect(resolve(key, stack)).toBe(command));
});

describe('a dialog', () => {
	it.each(dialogs.map(context => [context]))('%s lets no key through to what lies behind it', context => {
		const own = new Set(bindings.filter(binding => binding.context === context || binding.context === 'always').map(({command}) => command));
		const behind = bindings.filter(binding => ['global', 'scripts', 'clients'].includes(binding.context)).flatMap(({keys}) => keys);
		const heard = behind.flatMap(key => resolve(key, [context, 'always']) ?? []);
		expect(heard.filter(command => !own.has(command))).toEqual([]);
	});

	it.each(['K', '1', '2', 'L', 'U', 'm', 'F', ':', '/', 'space'])('%s does nothing behind it', key => {
		expect(dialogs.map(context => resolve(key, [context, 'always']))).toEqual(dialogs.map(() => undefined));
	});

	it.each(dialogs.map(context => [context]))('q does not quit the program behind %s', context => expect(resolve('q', [context, 'always'])).not.toBe('quit'));

	it('is run by y and by nothing else', () => {
		const keys = bindings.filter(({context, command}) => context === 'dialog' && command === 'dialog.accept').flatMap(binding => binding.keys);
		expect(keys).toEqual(['y']);
	});

	it.each(['enter', 'space', 'Y', 'tab'])('is not run by %s', key => expect(resolve(key, ['dialog', 'always'])).toBeUndefined());

	it.each(['escape', 'ctrl+c'])('is left by %s, also where a word is typed', key => {
		expect([resolve(key, ['dialog', 'always']), resolve(key, ['dialog-word', 'always'])]).toEqual(['dialog.decline', 'dialog.decline']);
	});

	it('is not run by y where a word is asked for', () => expect(resolve('y', ['dialog-word', 'always'])).toBeUndefined());
});

describe('text fields', () => {
	it.each(fields.map(context => [context]))('%s binds no key that types something', context => {
		const keys = bindings.filter(binding => binding.context === context).flatMap(binding => binding.keys);
		expect(keys.filter(key => typedCharacter(key) !== undefined)).toEqual([]);
	});
});

describe('several contexts', () => {
	const table: readonly Binding[] = [
		{context: 'clients', keys: ['K'], command: 'inner', label: 'inner'},
		{context: 'global', keys: ['K'], command: 'outer', label: 'outer'},
		{context: 'global', keys: ['K', 'x'], command: 'both', label: 'both'},
	];

	it('the innermost wins', () => {
		expect(resolve('K', ['clients', 'global'], table)).toBe('inner');
		expect(resolve('K', ['global', 'clients'], table)).toBe('outer');
		expect(resolve('K', ['scripts', 'global'], table)).toBe('outer');
	});

	it('a binding that an inner one hides is not shown; one with a key left is', () => {
		expect(bindingsIn(['clients', 'global'], table).map(({command}) => command)).toEqual(['inner', 'both']);
	});

	it.each(stacks.map(stack => [stack] as const))('every hint of %j does what it says', stack => {
		const hints = bindingsIn(stack).filter(({footer}) => footer !== undefined);
		expect(hints.length).toBeGreaterThan(0);
		expect(hints.filter(({keys, command}) => !keys.some(key => resolve(key, stack) === command))).toEqual([]);
	});

	it('the first key of a hint is the one that works: the footer prints it', () => {
		for (const stack of stacks) {
			expect(bindingsIn(stack).filter(({footer, keys, command}) => footer !== undefined && resolve(keys[0] ?? '', stack) !== command)).toEqual([]);
		}
	});
});

it.each([
	['ctrl+d', 'Ctrl-D'],
	['shift+tab', 'Shift-Tab'],
	['enter', 'Enter'],
	['escape', 'Esc'],
	['space', 'Space'],
	['pagedown', 'PgDn'],
	['K', 'K'],
	['/', '/'],
])('%s is printed as %s', (key, label) => expect(keyLabel(key)).toBe(label));

it('prints every key of the table without a blank in it', () => {
	expect(bindings.flatMap(({keys}) => keys.map(keyLabel)).filter(label => label === '' || /\s/.test(label))).toEqual([]);
});

/** The keys of the objects in the controller's source: its table of commands is its own affair, and private. */
function controllerCommands(): ReadonlySet<string> {
	const names = new Set<string>();
	for (const path of ['src/commands/console/controller.ts', 'src/commands/console/time-keys.ts']) {
		new Visitor({
			Property: ({key}) => {
				if (key.type === 'Identifier') names.add(key.name);
				if (key.type === 'Literal') names.add(String(key.value));
			},
		}).visit(parseSync(path, readFileSync(path, 'utf8')).program);
	}
	return names;
}
