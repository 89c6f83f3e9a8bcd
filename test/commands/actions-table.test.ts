import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, expect, it} from 'vitest';
import {builtInActions} from '../../src/actions/registry.ts';
import {actionsTable} from '../../src/commands/actions-table.ts';
import {ConfigError} from '../../src/config/problem.ts';

let home = '';
beforeEach(() => {
	home = mkdtempSync(join(tmpdir(), 'redis-triage-actions-'));
	mkdirSync(join(home, '.config/redis-triage'), {recursive: true});
});
afterEach(() => rmSync(home, {recursive: true}));

const defaultFile = () => join(home, '.config/redis-triage/config.yaml');
const list = ({json = false, configFile}: {readonly json?: boolean; readonly configFile?: string} = {}) =>
	actionsTable({json, configFile, env: {}, homeFolder: home});
const idsIn = (text: string): readonly string[] => (JSON.parse(text) as readonly {readonly id: string}[]).map(({id}) => id);
const builtIn = builtInActions.map(({id}) => id);

const hooks = 'hooks: [{name: restart, command: [systemctl, restart, "my redis"], danger: destructive, timeout: 20}]';

it('lists the hooks of the default config file behind the actions of its own', async () => {
	writeFileSync(defaultFile(), hooks);
	const {text, message} = await list();
	expect(message).toBeUndefined();
	expect(text).toContain('hook.restart  (destructive)\n');
	expect(text).toContain('runs systemctl restart "my redis" on this machine');
	expect(text).toContain('  undo    none that is known here: what the program does is its own affair\n');
	expect(idsIn((await list({json: true})).text)).toEqual([...builtIn, 'hook.restart']);
});

it('lists those of the file that --config names, and no others', async () => {
	writeFileSync(defaultFile(), hooks);
	const configFile = join(home, 'other.yaml');
	writeFileSync(configFile, hooks.replace('restart,', 'bypass,'));
	expect(idsIn((await list({json: true, configFile})).text)).toEqual([...builtIn, 'hook.bypass']);
});

it('lists its own without a config file, and with one that is broken, which it names in one line', async () => {
	expect(await list()).toEqual({text: expect.stringContaining('script.kill'), message: undefined});
	writeFileSync(defaultFile(), 'target: {}\nhooks: [{name: a, command: sh}]\n');
	const {text, message} = await list({json: true});
	expect(idsIn(text)).toEqual(builtIn);
	expect(message).toBe(
		`redis-triage: ${defaultFile()}:1:1: target is unknown here: did you mean targets? (and 2 more): the hooks of this file are not listed; redis-triage check --config-only says when it is in order`,
	);
});

it('refuses a file that was named and cannot be read', async () => {
	writeFileSync(defaultFile(), hooks);
	const configFile = join(home, 'none.yaml');
	await expect(list({configFile})).rejects.toThrow(new ConfigError([`--config: cannot read ${configFile}: it does not exist`], configFile));
});
