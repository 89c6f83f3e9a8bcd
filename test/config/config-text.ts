import type {Config} from '../../src/config/config.ts';
import {parseConfig} from '../../src/config/parse-config.ts';
import {ConfigError} from '../../src/config/problem.ts';

type Options = {readonly env?: Readonly<Record<string, string>>; readonly mode?: number};

/** The config that a text means, in a private file `/etc/triage/c.yaml`. */
export function configOf(text: string, {env = {}, mode = 0o600}: Options = {}): Config {
	return parseConfig({file: '/etc/triage/c.yaml', text, mode}, {env, homeFolder: '/home/eve'});
}

/** The lines of its refusal, without the file's name. */
export function problemsOf(text: string, options: Options = {}): readonly string[] {
	try {
		configOf(text, options);
	} catch (error) {
		if (!(error instanceof ConfigError)) throw error;
		if (error.message !== error.problems.join('\n')) throw new Error('the message is not its problems');
		return error.problems.map(line => {
			if (!line.startsWith('/etc/triage/c.yaml:')) throw new Error(`the file is not named in: ${line}`);
			return line.slice('/etc/triage/c.yaml:'.length);
		});
	}
	throw new Error('not refused');
}

/** `${NAME}`, as it is written in a config file. */
export const variable = (name: string): string => `\${${name}}`;
