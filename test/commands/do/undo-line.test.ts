import {expect, it} from 'vitest';
import {registryOf} from '../../../src/actions/registry.ts';
import {undoLine} from '../../../src/commands/do/undo-line.ts';
import {resolveTarget} from '../../../src/commands/flag-target.ts';
import {parseFlags} from '../../../src/commands/flags.ts';
import {parseConfig} from '../../../src/config/parse-config.ts';
import {simple} from '../../helpers/action-run.ts';

const config = parseConfig(
	{file: '/etc/c.yaml', text: 'targets:\n  prod: {url: "redis://bob:hunter2@10.0.0.1:7000/2"}\n', mode: 0o600},
	{env: {}, homeFolder: '/home/x'},
);
const files = {readFile: () => '', readFolder: () => []};

async function lineFor(argv: readonly string[], set: Readonly<Record<string, string>> = {ms: '5000'}, action = 'script.raise-limit'): Promise<string> {
	const flags = parseFlags({argv: ['do', 'script.raise-limit', ...argv], env: {}, scenarios: []});
	if (flags.command !== 'do') throw new Error(flags.command);
	const master = {kind: 'tcp', host: '10.0.0.7', port: 6379} as const;
	const target = await resolveTarget(flags.connection, {
		env: {REDISCLI_AUTH: 'from-env'},
		files,
		askPassword: async () => 'hunter2',
		config,
		askSentinels: async () => master,
	});
	const registry = registryOf([simple('destructive')]);
	return undoLine({action, on: ['7'], set}, {connection: flags.connection, configFile: flags.configFile, target, registry});
}

it.each([
	[[], '-h 127.0.0.1 -p 6379 --on 7'],
	[['redis://10.0.0.9:7001/3'], '-h 10.0.0.9 -p 7001 -n 3 --on 7'],
	[['redis://bob:hunter2@h'], '-h h -p 6379 --user bob --askpass --on 7'],
	[['-h', 'h', '--user', 'bob', '-a', 'hunter2'], '-h h -p 6379 --user bob --askpass --on 7'],
	[['-h', 'h', '--user', 'bob'], '-h h -p 6379 --user bob --on 7'],
	[['-h', 'h', '--askpass'], '-h h -p 6379 --askpass --on 7'],
	[['--sentinel', '10.0.3.1:26379,10.0.3.2:26379', '--master', 'mymaster'], '--sentinel 10.0.3.1:26379,10.0.3.2:26379 --master mymaster --on 7'],
	[['--cluster', '-h', 'h'], '-h h -p 6379 --cluster --on 7'],
	[['-s', '/run/my redis.sock'], "-s '/run/my redis.sock' --on 7"],
	[['--target', 'prod', '--config', 'c.yaml'], '--target prod --config c.yaml --on 7'],
	[['--target', 'prod', '-n', '4'], '--target prod -n 4 --on 7'],
	[['-h', 'h', '--tls', '--insecure', '--sni', 'a.b'], '-h h -p 6379 --tls --insecure --sni a.b --on 7'],
])('%j: the same server again, and no password', async (argv, words) => {
	const line = await lineFor(argv);
	expect(line).toBe(`redis-triage do script.raise-limit ${words} --set ms=5000 --yes`);
	expect(line).not.toContain('hunter2');
});

it('is ready for a shell, whatever the values', async () => {
	expect(await lineFor([], {save: "900 1; rm 'x'", empty: ''})).toContain(`--set 'save=900 1; rm '\\''x'\\''' --set empty= --yes`);
});

it('asks for the word where the way back is destructive', async () => {
	expect(await lineFor(['-p', '7001'], {}, 'test.simple')).toBe('redis-triage do test.simple -h 127.0.0.1 -p 7001 --on 7 --confirm 127.0.0.1:7001');
});
