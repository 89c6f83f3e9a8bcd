import {expect, it} from 'vitest';
import {hasProgram} from '../helpers/shells.ts';
import {start} from '../helpers/tmux.ts';
import {program} from '../helpers/triage.ts';

/** Interactive, without the user's files; `load` runs what is behind it as a script. */
const shells = [
	{shell: 'bash', command: ['bash', '--norc', '--noprofile', '-i'], load: 'source <(', end: ')'},
	{shell: 'zsh', command: ['zsh', '-f', '-i'], load: 'autoload -U compinit; compinit -u -D; source <(', end: ')'},
	{shell: 'fish', command: ['fish', '--no-config', '-i'], load: '', end: ' | source'},
].filter(({shell}) => hasProgram(shell));

it.each(shells)('$shell completes with the script of the built program, on the tab key', async ({shell, command, load, end}) => {
	const terminal = await start(command);
	await terminal.waitFor(/\S/);
	await terminal.type(`${load}${process.execPath} ${program} completion ${shell}${end}; echo lo''aded`);
	await terminal.press('Enter');
	await terminal.waitFor(/^loaded/m);
	await terminal.type('redis-triage do script.k');
	await terminal.press('Tab');
	await terminal.waitFor(/redis-triage do script\.kill/);
	await terminal.type(' --dry');
	await terminal.press('Tab');
	expect(await terminal.waitFor(/redis-triage do script\.kill +--dry-run/)).not.toMatch(/command not found|error/i);
});
