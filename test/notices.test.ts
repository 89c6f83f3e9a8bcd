import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {expect, it, onTestFinished} from 'vitest';
import {folderOf, noticesText, packagesOf} from '../build/notices.ts';

/** A module of a package that is installed in a folder of its own. */
function installed(name: string, packageFile: Readonly<Record<string, unknown>>, files: Readonly<Record<string, string>> = {}): string {
	const root = mkdtempSync(join(tmpdir(), 'redis-triage-notices-'));
	onTestFinished(() => rmSync(root, {recursive: true, force: true}));
	const folder = join(root, 'node_modules', name);
	mkdirSync(join(folder, 'dist'), {recursive: true});
	for (const [file, text] of Object.entries({'package.json': JSON.stringify({name, version: '1.0.0', ...packageFile}), ...files}))
		writeFileSync(join(folder, file), text);
	return join(folder, 'dist/index.js');
}

it('a package is listed once, with its licence and what goes with it', () => {
	const modules = [
		installed('@a/b', {license: 'MIT'}, {'NOTICE.txt': 'by B\n', LICENSE: 'You may.\n'}),
		installed('a', {license: 'ISC'}, {'license.md': 'Do.'}),
	];
	const packages = packagesOf([...modules, ...modules, '\0virtual', '/src/cli.tsx', installed('a', {license: 'ISC'}, {'license.md': 'Do.'})]);
	expect(packages.map(({name, text}) => [name, text])).toEqual([
		['@a/b', 'You may.\n\nby B'],
		['a', 'Do.'],
	]);
	expect(noticesText(packages)).toContain('  @a/b 1.0.0 (MIT)\n  a 1.0.0 (ISC)\n\n');
});

it('a package without the text of its licence, or with one that nobody has looked at, fails the build', () => {
	expect(() => packagesOf([installed('bare', {license: 'MIT'})])).toThrow('bare 1.0.0 is in the bundle, without the text of its licence (MIT)');
	expect(() => packagesOf([installed('ours', {license: 'SSPL-1.0'}, {LICENSE: 'Pay.'})])).toThrow('ours 1.0.0 is in the bundle, under "SSPL-1.0"');
	expect(() => packagesOf([installed('secret', {}, {LICENSE: '?'})])).toThrow('secret 1.0.0 is in the bundle, under undefined');
});

it.each([
	['/x/node_modules/ink/build/index.js', '/x/node_modules/ink'],
	['/x/node_modules/ink/node_modules/@a/b/c.js?commonjs-proxy', '/x/node_modules/ink/node_modules/@a/b'],
	['\0/x/node_modules/ink/build/index.js', undefined],
	['/x/src/cli.tsx', undefined],
])('%j is of %s', (id, folder) => {
	expect(folderOf(id)).toBe(folder);
});
