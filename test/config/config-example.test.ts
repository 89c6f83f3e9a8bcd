import {readFileSync, writeFileSync} from 'node:fs';
import {expect, it} from 'vitest';
import {configExample} from '../../build/config-example.ts';
import {defaultConfig} from '../../src/config/default-config.ts';
import {configOf, problemsOf} from './config-text.ts';

const file = new URL('../../docs/config.example.yaml', import.meta.url);
const env = {PROD_CACHE_PASSWORD: 'hunter2'};

it('docs/config.example.yaml says what the schema says (npm run docs mends it)', () => {
	const fresh = configExample();
	if (process.env.UPDATE_DOCS === '1') writeFileSync(file, fresh);
	else expect(readFileSync(file, 'utf8')).toBe(fresh);
});

it('is a config file, with something in every section', () => {
	const config = configOf(configExample(), {env, mode: 0o644});
	expect([...config.targets.keys()]).toEqual(['prod-cache', 'prod-queues', 'staging']);
	expect(config.targets.get('prod-cache')).toMatchObject({environment: 'production', readOnly: 'locked', parts: {username: 'operator', isTls: true}});
	expect(config.targets.get('prod-queues')?.sentinel?.nodes).toHaveLength(3);
	for (const list of [config.components, config.queues.prefixes, config.queues.rules, config.scripts.directories, config.hooks, config.checks]) {
		expect(list.length).toBeGreaterThan(0);
	}
});

it('gives the defaults as they are', () => {
	const {thresholds, defaults} = configOf(configExample(), {env});
	expect({thresholds, defaults}).toEqual({thresholds: defaultConfig.thresholds, defaults: defaultConfig.defaults});
});

it('asks the environment for its password', () => {
	expect(problemsOf(configExample())).toEqual([expect.stringContaining('the environment variable PROD_CACHE_PASSWORD is not set')]);
});

it('fits into 120 columns', () => {
	expect(
		configExample()
			.split('\n')
			.filter(line => line.length > 120 || /\s$/.test(line)),
	).toEqual([]);
});
