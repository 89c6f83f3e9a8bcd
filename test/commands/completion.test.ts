import {spawnSync} from 'node:child_process';
import {existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {builtInActions} from '../../src/actions/registry.ts';
import {commandTable, commandWords} from '../../src/commands/command-table.ts';
import {completionText} from '../../src/commands/completion/completion.ts';
import {shellNames} from '../../src/commands/completion/shells.ts';
import {type FlaggedCommand, flagSpecs} from '../../src/commands/flag-table.ts';
import {parseFlags} from '../../src/commands/flags.ts';
import {scenarioNames} from '../../src/commands/scenario-names.ts';
import {hasProgram} from '../helpers/shells.ts';

const folder = mkdtempSync(join(tmpdir(), 'redis-triage-completion-'));
const script = (shell: string) => join(folder, `completion.${shell}`);

beforeAll(() => {
	for (const shell of shellNames) writeFileSync(script(shell), completionText(shell));
	mkdirSync(join(folder, 'config/redis-triage'), {recursive: true});
	mkdirSync(join(folder, 'a folder'));
	writeFileSync(join(folder, 'a file.rec'), '');
	writeFileSync(
		join(folder, 'config/redis-triage/config.yaml'),
		"defaults:\n  interval: 2\ntargets:\n  # the shop's\n  prod-cache:\n    url: redis://a\n  'prod-jobs': {url: redis://b}\nhooks: []\n",
	);
	writeFileSync(join(folder, 'other.yaml'), 'targets:\n    elsewhere:\n        url: redis://c\n');
});

afterAll(() => rmSync(folder, {recursive: true, force: true}));

function run(command: readonly [string, ...string[]], env: Readonly<Record<string, string>> = {}) {
	const [program, ...args] = command;
	const places = {XDG_CONFIG_HOME: join(folder, 'config'), HOME: folder};
	return spawnSync(program, args, {encoding: 'utf8', cwd: folder, env: {PATH: process.env.PATH, LANG: 'C.UTF-8', ...places, ...env}});
}

/** What the shell offers behind this line, sorted. */
type Complete = (line: string) => readonly string[];

/** Calls the function as readline does, which cuts words at `=`, `:` and `@` too. */
const inBash: Complete = line => {
	const words = line.split(/\s+|([=:@]+)/).filter((word, index, all) => word !== undefined && (word !== '' || index === all.length - 1));
	const calling = `source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _redis_triage; printf "%s\\n" "\${COMPREPLY[@]}"`;
	return outcome(run(['bash', '-c', calling, 'bash', script('bash'), ...words.filter(word => word !== undefined)]));
};

const inFish: Complete = line => {
	const offered = outcome(run(['fish', '--no-config', '-c', 'source $argv[1]; complete -C $argv[2]', script('fish'), line]));
	return offered.map(row => row.split('\t')[0] ?? '');
};

function outcome({status, stdout, stderr}: ReturnType<typeof run>): readonly string[] {
	expect({status, stderr}).toEqual({status: 0, stderr: ''});
	return [...new Set(stdout.split('\n').filter(row => row !== ''))].toSorted();
}

const shells: readonly (readonly [string, Complete])[] = [['bash', inBash], ...(hasProgram('fish') ? [['fish', inFish] as const] : [])];

describe.each(shells)('%s', (shell, complete) => {
	it('offers the commands, and the words that they take', () => {
		expect(complete('redis-triage ')).toEqual(commandWords.toSorted());
		expect(complete('redis-triage --read-only --interval 2 comp')).toEqual(['completion']);
		expect(complete('redis-triage do ')).toEqual(builtInActions.map(({id}) => id).toSorted());
		expect(complete('redis-triage do script.r')).toEqual(['script.raise-limit']);
		expect(complete('redis-triage demo ')).toEqual(scenarioNames.toSorted());
		expect(complete('redis-triage completion ')).toEqual(shellNames.toSorted());
		expect(complete('redis-triage check ')).toEqual([]);
		expect(complete('redis-triage demo script ')).toEqual([]);
	});

	it.each(Object.keys(commandTable) as FlaggedCommand[])('offers the flags that go with %s', command => {
		const word = command === 'console' ? '' : `${command} `;
		const flags = [...flagSpecs.values()].filter(({goesWith}) => goesWith.includes(command)).map(({spelled}) => spelled);
		expect(complete(`redis-triage ${word}-`)).toEqual(flags.toSorted());
		expect(complete(`redis-triage ${word}--`)).toEqual(flags.filter(flag => flag.startsWith('--')).toSorted());
	});

	it('offers the names of the targets, of the file that --config names too', () => {
		expect(complete('redis-triage check --target ')).toEqual(['prod-cache', 'prod-jobs']);
		expect(complete('redis-triage --target prod-c')).toEqual(['prod-cache']);
		expect(complete('redis-triage --config other.yaml --target ')).toEqual(['elsewhere']);
		expect(complete('redis-triage --config=other.yaml --target ')).toEqual(['elsewhere']);
	});

	it('offers the hooks of the config file beside the actions, however its list is written', () => {
		const lists = [
			'- name: a1\n  command: [sh]\n- command: [b]\n  name: "b-2" # two\n',
			"  -   name: 'a1'\n      command:\n        - sh\n  - {command: [b], name: b-2, danger: safe}\n",
		];
		for (const list of [...lists.map(each => `\n${each}`), ' [{name: a1, command: [sh]}, {name: b-2, command: [b]}]\n']) {
			writeFileSync(join(folder, 'hooks.yaml'), `hooks:${list}checks:\n  - name: shop\n    url: http://a\n`);
			expect(complete('redis-triage --config hooks.yaml do hook.')).toEqual(['hook.a1', 'hook.b-2']);
		}
		expect(complete('redis-triage --config hooks.yaml do ')).toEqual([...builtInActions.map(({id}) => id), 'hook.a1', 'hook.b-2'].toSorted());
		expect(complete('redis-triage do hook.')).toEqual([]);
	});

	it('runs nothing that stands in a config file, and offers it so that the shell does not run it either', () => {
		const mark = join(folder, `ran-${shell}`);
		const names = [`$(touch\${IFS}${mark})`, `\`touch\${IFS}${mark}\``, `\${a[$(touch\${IFS}${mark})]}`, `;touch\${IFS}${mark}`, '*.yaml', 'plain'];
		writeFileSync(join(folder, 'hostile.yaml'), `targets:\n${names.map(name => `  ${name}: {url: redis://a}\n`).join('')}`);
		const offered = complete('redis-triage --config hostile.yaml --target ');
		expect(offered).toHaveLength(names.length);
		expect(offered).toContain('plain');
		expect(complete('redis-triage --config hostile.yaml --target pl')).toEqual(['plain']);
		expect(complete("redis-triage --config hostile.yaml --target '$(")).toEqual(shell === 'fish' ? [expect.anything()] : []);
		if (shell === 'bash') {
			const {stdout} = run(['bash', '-c', `printf '%s\\n' ${offered.join(' ')}`]);
			expect(stdout.trimEnd().split('\n').toSorted()).toEqual(names.toSorted());
		}
		expect(existsSync(mark)).toBe(false);
	});

	it('offers files and folders where a flag or command takes them', () => {
		expect(complete('redis-triage replay a').map(plainPath)).toEqual(['a file.rec', 'a folder']);
		expect(complete('redis-triage --config oth')).toEqual(['other.yaml']);
		expect(complete('redis-triage --cacertdir a').map(plainPath)).toEqual(['a folder']);
		expect(complete('redis-triage -p ')).toEqual([]);
		expect(complete('redis-triage -a ')).toEqual([]);
	});

	it('offers what --set takes with the action at hand', () => {
		expect(complete('redis-triage do queue.clean --set ')).toEqual(['keep=', 'older-than=', 'state=']);
		expect(complete('redis-triage do queue.clean --on q --set st')).toEqual(['state=']);
		expect(complete('redis-triage do script.kill --set ')).toEqual([]);
	});
});

/** Fish writes names as they are typed. */
const plainPath = (path: string): string => path.replaceAll('\\', '').replace(/\/$/, '');

describe('bash cuts words where others do not', () => {
	it('knows a URL for one operand, and a value behind = for one of its flag', () => {
		expect(inBash('redis-triage do script.kill rediss://me@h:1 --dry')).toEqual(['--dry-run']);
		expect(inBash('redis-triage -u redis://h:1 che')).toEqual(['check']);
		expect(inBash('redis-triage --interval=2 che')).toEqual(['check']);
		expect(inBash('redis-triage --config=oth')).toEqual(['other.yaml']);
		expect(inBash('redis-triage --config=')).toContain('other.yaml');
		expect(inBash('redis-triage do queue.clean --set state=')).toEqual([]);
		expect(inBash('redis-triage do queue.clean --set state=f')).toEqual([]);
	});

	it('offers a flag once, but for those that may be repeated, and none behind --', () => {
		expect(inBash('redis-triage do script.kill --yes --dry-run --')).not.toContain('--yes');
		expect(inBash('redis-triage do client.kill --on 1 --o')).toEqual(['--on']);
		expect(inBash('redis-triage do script.kill -- --')).toEqual([]);
	});
});

const checks: Readonly<Record<string, readonly [string, ...string[]]>> = {
	bash: ['bash', '-n', script('bash')],
	zsh: ['zsh', '-n', script('zsh')],
	fish: ['fish', '--no-execute', script('fish')],
};

it.each(shellNames.filter(hasProgram))('%s finds no fault with the script', shell => {
	expect(run(checks[shell] ?? ['false'])).toMatchObject({status: 0, stdout: '', stderr: ''});
});

it('zsh has a line for every flag of every command, action and scenario', () => {
	const text = completionText('zsh');
	for (const {spelled, goesWith} of flagSpecs.values()) {
		const count = text.split('\n').filter(row => row.trim().startsWith(`'${spelled}`) || row.trim().startsWith(`'*${spelled}`)).length;
		expect([spelled, count]).toEqual([spelled, expect.any(Number)]);
		expect(count).toBeGreaterThanOrEqual(goesWith.length);
	}
	for (const word of [...builtInActions.map(({id}) => id), ...scenarioNames, ...commandWords]) expect(text).toContain(`'${word}:`);
});

it.each([
	[['completion'], 'completion takes the name of a shell: redis-triage completion bash|zsh|fish'],
	[['completion', 'bash', 'zsh'], 'completion takes the name of a shell: redis-triage completion bash|zsh|fish'],
	[['completion', 'tcsh'], '"tcsh" is no shell that completion knows: redis-triage completion bash|zsh|fish'],
	[['completion', '/bin/bash'], 'the argument is no shell that completion knows: redis-triage completion bash|zsh|fish'],
])('%j is refused in one line', (argv, message) => {
	expect(() => parseFlags({argv, env: {}, scenarios: scenarioNames})).toThrow(message);
});
