import type {Config} from '../config/config.ts';
import {loadConfig} from '../config/load-config.ts';
import {type ResolvedTarget, resolveTarget} from './flag-target.ts';
import {diskFiles} from './flag-tls.ts';
import type {ConnectionOptions, Environment} from './flags.ts';

export type Typed = {readonly connection: ConnectionOptions; readonly configFile: string | undefined};

export type Surroundings = {readonly env: Environment; readonly homeFolder: string; readonly askPassword: (prompt: string) => Promise<string>};

/** What a command on a server works with. */
export type Settled = {readonly config: Config; readonly target: ResolvedTarget};

/** From what was typed to what counts: flag, environment, config file, default. Rejects with a UsageError, whose lines each name what is wrong and where. */
export async function settle({connection, configFile}: Typed, surroundings: Surroundings): Promise<Settled> {
	return settleOn(await loadConfig({configFile, ...surroundings}), connection, surroundings);
}

/** The same with the config file read. */
export async function settleOn(config: Config, connection: ConnectionOptions, {env, askPassword}: Surroundings): Promise<Settled> {
	return {config, target: await resolveTarget(connection, {env, files: diskFiles, askPassword, config})};
}
