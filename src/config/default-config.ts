import {defaultThresholds} from '../diagnosis/thresholds.ts';
import type {Config} from './config.ts';

/** What counts without a config file. Apart from the schema, which takes its defaults from here: loading that takes 20 ms that nobody has at the start. */
export const defaultConfig: Config = {
	file: undefined,
	targets: new Map(),
	thresholds: defaultThresholds,
	components: [],
	queues: {prefixes: [], rules: []},
	scripts: {directories: []},
	hooks: [],
	checks: [],
	defaults: {intervalSeconds: 1, readOnly: false, record: true},
};
