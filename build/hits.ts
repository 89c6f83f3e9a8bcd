import type {Plugin} from 'vite';

/**
 * What a plugin has to meet in every build. When a dependency has moved what it changes, it would change nothing and say nothing: the build fails
 * instead. Only a build: vitest meets what the tests import. Once met is enough, as a watching build does not read everything again.
 */
export function hits(name: string, expected: readonly string[]) {
	const missing = new Set(expected);
	return {
		met: (one: string) => void missing.delete(one),
		mustBeMet: {
			renderStart() {
				if (missing.size > 0) this.error(`${name} has never met ${[...missing].join(', ')}: see where it has gone, and whether this plugin is still needed`);
			},
		} satisfies Partial<Plugin>,
	};
}
