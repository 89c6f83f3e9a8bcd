import type {Config} from '../config/config.ts';
import {loadConfig} from '../config/load-config.ts';
import {ConfigError} from '../config/problem.ts';
import {plural} from '../text/format.ts';
import type {Environment} from './flags.ts';

type Where = {readonly configFile: string | undefined; readonly env: Environment; readonly homeFolder: string};

/** What `check --config-only` prints. As text it rejects with the ConfigError of a file that cannot be used; JSON holds its lines. */
export async function checkConfigFile(where: Where, isJson: boolean): Promise<{readonly text: string; readonly isFine: boolean}> {
	try {
		const config = await loadConfig(where);
		return {text: isJson ? toJson(config.file, []) : toText(config), isFine: true};
	} catch (error) {
		if (!isJson || !(error instanceof ConfigError)) throw error;
		return {text: toJson(error.file, error.problems), isFine: false};
	}
}

function toText({file, targets, components, queues, scripts, hooks, checks}: Config): string {
	if (file === undefined) return 'There is no config file: everything is at its default\n';
	const counts = [
		plural(targets.size, 'target'),
		plural(components.length, 'component'),
		plural(queues.rules.length, 'queue rule'),
		plural(scripts.directories.length, 'script folder'),
		plural(hooks.length, 'hook'),
		plural(checks.length, 'check'),
	];
	return `${file.replace(/\p{C}/gu, '?')} is in order: ${counts.join(', ')}\n`;
}

const toJson = (file: string | undefined, problems: readonly string[]): string => `${JSON.stringify({file: file ?? null, problems})}\n`;
