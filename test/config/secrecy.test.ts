import fc from 'fast-check';
import {expect, it} from 'vitest';
import {ConfigError} from '../../src/config/problem.ts';
import {configOf, variable} from './config-text.ts';

/** Sound and broken ways to write a password into a config file. */
const files: readonly ((password: string) => string)[] = [
	password => `targets:\n  p: {host: h, password: ${password}}\nnonsense: 1`,
	password => `targets:\n  p:\n    host: h\n    password: ${password}\n    prot: 1`,
	password => `targets:\n  p:\n    host: h\n    password: ${JSON.stringify(password)}\n    port: x`,
	password => `targets:\n  p:\n    url: redis://:${password}@h:x`,
	password => `targets:\n  p:\n    url: redis://${password}`,
	password => `targets:\n  p:\n    url: ${JSON.stringify(`redis://eve:${password}@h`)}\n    host: h`,
	password => `targets:\n  p:\n    url: ${JSON.stringify(`http://eve:${password}@h`)}`,
	password => `targets:\n  redis://:${password}@h: production`,
	password => `targets:\n  p: redis://:${password}@h`,
	password => `targets:\n- redis://:${password}@h`,
	password => `targets: ${password}`,
	password => `targets:\n  p: {host: ${JSON.stringify(password)}, environment: ${JSON.stringify(password)}, read-only: ${JSON.stringify(password)}}`,
	password => `targets:\n  p:\n    password: |\n      ${password}\n   x`,
	password => `targets:\n  p:\n    password: "${password}`,
	password => `targets:\n  p:\n    sentinel: {nodes: [${JSON.stringify(password)}], master: m, password: ${password}}`,
	password => `targets:\n  p:\n\tpassword: ${password}`,
	password => `password ${password}`,
	password => `checks: [{name: a, url: ${JSON.stringify(`https://eve:${password}@h`)}, status: ${JSON.stringify(password)}}]`,
	password => `hooks: [{name: ${JSON.stringify(password)}, command: ${JSON.stringify(password)}, danger: ${JSON.stringify(password)}}]`,
	password =>
		`components: [{name: ${JSON.stringify(password)}, keys: ${JSON.stringify(password)}}]\nthresholds: {queue-depth-count: ${JSON.stringify(password)}}`,
	password => password,
	// From the environment.
	() => `targets:\n  p: {url: "${variable('PW')}", port: "${variable('PW')}"}\ndefaults: {interval: "${variable('PW')}", record: "${variable('PW')}"}`,
	() => `targets: "${variable('PW')}"\nhooks: ["${variable('PW')}"]\nnonsense: "${variable('PW')}"`,
];

it('no error says a password, however the file is broken', () => {
	const tricky = fc.string({
		unit: fc.constantFrom('@', ':', '/', '#', '"', "'", '{', '}', '[', ']', '&', '*', '!', '|', '%', '\\', ' ', '\n', '\t', '-', '?', 'a', '9'),
		minLength: 8,
	});
	const password = fc
		.oneof(tricky, fc.string({unit: 'grapheme', minLength: 8, maxLength: 40}), fc.stringMatching(/^[A-Za-z0-9+=]{8,24}$/))
		.filter(isNoVariable);
	fc.assert(
		fc.property(password, fc.constantFrom(...files), fc.constantFrom(0o600, 0o644), (secret, file, mode) => {
			const said = (text: string) => refusalOf(() => configOf(file(text), {mode, env: {PW: text}}))?.message ?? '';
			const message = said(secret);
			// fast-check likes words such as `arguments`, which we say too, whatever the password is.
			fc.pre(!said('0Zx-other-password').includes(secret));
			expect(message).not.toContain(secret);
			expect(message).toMatch(/^[\n\x20-\x7e]*$/);
		}),
		{numRuns: 3000},
	);
}, 60_000);

const isNoVariable = (password: string): boolean => password.trim().length >= 8 && !/^\$\{\w+\}$/.test(password.trim());

/** Anything but a ConfigError is a defect. */
function refusalOf(load: () => unknown): ConfigError | undefined {
	try {
		load();
		return undefined;
	} catch (error) {
		if (error instanceof ConfigError) return error;
		throw error;
	}
}
