import {spawnSync} from 'node:child_process';
import {expect, it} from 'vitest';
import {manPage} from '../build/man.ts';
import {builtInActions} from '../src/actions/registry.ts';
import {commandTable} from '../src/commands/command-table.ts';
import {flagSpecs} from '../src/commands/flag-table.ts';
import {keyLabel} from '../src/keymap/key-label.ts';
import {keymap} from '../src/keymap/keymap.ts';
import {hasProgram} from './helpers/shells.ts';

const page = manPage('1.2.3', '2026-11-29');

/** As a reader has it in front of them, one space for many. */
const plain = (text: string): string =>
	text
		.replaceAll(/\\f[BIR]/g, '')
		.replaceAll('\\-', '-')
		.replaceAll('\\(dq', '"')
		.replaceAll('\\&', '')
		.replaceAll('\\e', '\\')
		.replaceAll(/\\\[u([0-9A-F]+)\]/g, (_, code: string) => String.fromCodePoint(Number.parseInt(code, 16)));

it('is plain ASCII, with the sections that a man page has', () => {
	expect(page).toMatch(/^[\n\x20-\x7e]+\n$/);
	const titles = [...page.matchAll(/^\.SH "(.*)"$/gm)].map(([, title]) => title);
	expect(titles.join(' ')).toBe('NAME SYNOPSIS DESCRIPTION COMMANDS OPTIONS URL KEYS ACTIONS ENVIRONMENT FILES EXIT STATUS EXAMPLES SEE ALSO');
	expect(page).toContain('redis\\-triage 1.2.3');
});

it('has every command, flag, key and action', () => {
	const text = plain(page);
	for (const {usage, help} of Object.values(commandTable)) {
		expect(text).toContain(`\nredis-triage ${usage}\n`);
		expect(text).toContain(`.B "redis-triage ${usage}"\n${help}`);
	}
	for (const {spelled, value, help} of flagSpecs.values()) expect(text).toContain(`.B "${spelled}${value === undefined ? '' : ` ${value}`}"\n${help}\n`);
	for (const {id, danger, doc} of builtInActions) expect(text).toContain(`.BR "${id}" " (${danger})"\n${doc.does}.\n`);
	for (const {keys, label} of keymap) expect(text).toContain(`.B "${keys.map(keyLabel).join(', ')}"\n${label}\n`);
});

const linters = [
	{name: 'mandoc', args: ['-Tlint', '-W', 'warning']},
	{name: 'groff', args: ['-man', '-Tutf8', '-ww', '-z']},
].filter(({name}) => hasProgram(name));

it.each(linters)('$name has nothing to say against it', ({name, args}) => {
	const {status, stdout, stderr} = spawnSync(name, args, {input: page, encoding: 'utf8'});
	expect({status, stdout, stderr}).toEqual({status: 0, stdout: '', stderr: ''});
});
