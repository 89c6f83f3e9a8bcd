import type {Config} from '../config/config.ts';
import {loadConfig} from '../config/load-config.ts';
import {type ResolvedTarget, resolveTarget} from './flag-target.ts';
import {diskFiles} from './flag-tls.ts';
import type {ConnectionOptions, Environment} from './flags.ts';

type Typed = {readonly connection: ConnectionOptions; readonly configFile: string | undefined};

type Surroundings = {readonly env: Environment; readonly homeFolder: string; readonly askPassword: (prompt: string) => Promise<string>};

/** What a command on a server works with. */
export type Settled = {readonly config: Config; readonly target: ResolvedTarget};

/** From what was typed to what counts: flag, environment, config file, default. Rejects with a UsageError, whose lines each name what is wrong and where. */
export async function settle({connection, configFile}: Typed, {env, homeFolder, askPassword}: Surroundings): Promise<Settled> {
	const config = await loadConfig({configFile, env, homeFolder});
	return {config, target: await resolveTarget(connection, {env, files: diskFiles, askPassword, config})};
}
