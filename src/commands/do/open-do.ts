import {hookActions} from '../../actions/hooks/hook-actions.ts';
import {type Registry, registryOf} from '../../actions/registry.ts';
import {loadConfig} from '../../config/load-config.ts';
import type {ActionFlags} from '../flag-action.ts';
import {type Settled, type Surroundings, settleOn, type Typed} from '../settle.ts';
import {type Asked, toAsked} from './request.ts';

type Prepared = {readonly settled: Settled; readonly asked: Asked; readonly registry: Registry};

/** Everything that can be wrong with what was typed is found before a password is asked for. Rejects with a UsageError. */
export async function prepareDo(flags: ActionFlags & Typed, surroundings: Surroundings): Promise<Prepared> {
	const config = await loadConfig({configFile: flags.configFile, ...surroundings});
	const registry = registryOf(hookActions(config.hooks));
	const asked = toAsked(flags, registry);
	return {registry, asked, settled: await settleOn(config, flags.connection, surroundings)};
}
