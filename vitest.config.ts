import {defineConfig} from 'vitest/config';
import {inkTable} from './build/plugins.ts';

const integration = 'test/integration/**/*.test.{ts,tsx}';
const e2e = 'test/e2e/**/*.test.{ts,tsx}';

/**
 * Three projects, run one after the other so that load from one cannot disturb the timing of the next:
 * `unit` (no server, fast), `integration` (real servers), `e2e` (the built file in tmux). Nothing is retried: a flake is a bug.
 */
export default defineConfig({
	plugins: [inkTable()],
	test: {
		server: {deps: {inline: [/ink-table/]}},
		maxWorkers: 2,
		retry: 0,
		// Ink's colours depend on the environment it is imported in. Here they are always on, 16 of them, wherever the tests run.
		env: {FORCE_COLOR: '1'},
		projects: [
			{
				extends: true,
				test: {name: 'unit', include: ['test/**/*.test.{ts,tsx}'], exclude: [integration, e2e], isolate: false, testTimeout: 20_000, sequence: {groupOrder: 0}},
			},
			{extends: true, test: {name: 'integration', include: [integration], maxWorkers: 4, testTimeout: 30_000, hookTimeout: 30_000, sequence: {groupOrder: 1}}},
			{extends: true, test: {name: 'e2e', include: [e2e], testTimeout: 60_000, hookTimeout: 60_000, sequence: {groupOrder: 2}}},
		],
	},
});
