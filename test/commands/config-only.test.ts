import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, expect, it} from 'vitest';
import {checkConfigFile} from '../../src/commands/config-only.ts';
import {ConfigError} from '../../src/config/problem.ts';

let file = '';
beforeEach(() => {
	file = join(mkdtempSync(join(tmpdir(), 'redis-triage-config-')), 'c.yaml');
});
afterEach(() => rmSync(join(file, '..'), {recursive: true}));

const check = (text: string, isJson = false) => {
	writeFileSync(file, text);
	return checkConfigFile({configFile: file, env: {}, homeFolder: '/nowhere'}, isJson);
};

it('says what is in a file that can be used', async () => {
	const text = 'targets: {a: {host: h}, b: {host: i}}\nchecks: [{name: c, url: "http://h"}]';
	await expect(check(text)).resolves.toEqual({
		text: `${file} is in order: 2 targets, 0 components, 0 queue rules, 0 script folders, 0 hooks, 1 check\n`,
		isFine: true,
	});
	await expect(check(text, true)).resolves.toEqual({text: `{"file":"${file}","problems":[]}\n`, isFine: true});
});

it('says what is wrong with one that cannot', async () => {
	const problems = [`${file}:1:1: target is unknown here: did you mean targets?`, `${file}:2:22: defaults.interval must be seconds from 0.2 to 60`];
	const text = 'target: {}\ndefaults: {interval: 0}';
	await expect(check(text)).rejects.toThrow(new ConfigError(problems, file));
	await expect(check(text, true)).resolves.toEqual({text: `${JSON.stringify({file, problems})}\n`, isFine: false});
});

it('names the file that is not there, or was found where it is looked for', async () => {
	const missing = join(file, '..', 'none.yaml');
	const parsed = async (where: Parameters<typeof checkConfigFile>[0]) => JSON.parse((await checkConfigFile(where, true)).text);
	expect(await parsed({configFile: missing, env: {}, homeFolder: '/nowhere'})).toEqual({
		file: missing,
		problems: [`--config: cannot read ${missing}: it does not exist`],
	});
	const found = join(file, '..', 'redis-triage', 'config.yaml');
	mkdirSync(join(found, '..'));
	writeFileSync(found, 'target: {}');
	expect(await parsed({configFile: undefined, env: {XDG_CONFIG_HOME: join(file, '..')}, homeFolder: '/nowhere'})).toMatchObject({file: found});
});

it('says that there is none', async () => {
	const {text} = await checkConfigFile({configFile: undefined, env: {XDG_CONFIG_HOME: join(file, '..', 'none')}, homeFolder: '/nowhere'}, false);
	expect(text).toMatch(/^There is no config file|^\/etc\/redis-triage\/config\.yaml is in order/);
});
