import {readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {z} from 'zod';

/** A package of which something is in a bundle. */
export type BundledPackage = {readonly name: string; readonly version: string; readonly licence: string; readonly text: string};

/** Licences that let us hand out a bundle, provided that their text goes with it. Another one is for a person to decide. */
const known = new Set(['MIT', 'ISC', 'BSD-2-Clause', 'BSD-3-Clause', 'Apache-2.0', '0BSD', 'BlueOak-1.0.0', '(MIT OR CC0-1.0)', 'MIT OR CC0-1.0']);

/** Whose packages they are that declare the MIT licence and ship no text of it: as yoga's source files and ink-table's package.json say. */
const holders: Readonly<Record<string, string>> = {
	'yoga-layout': 'Meta Platforms, Inc. and affiliates',
	'ink-table': 'Matic Zavadlal',
};

const packageFile = z.object({name: z.string(), version: z.string(), license: z.unknown().optional()});

/** The packages that these modules come from, each once, by name. Throws where one has no licence that is known, or no text of it. */
export function packagesOf(moduleIds: readonly string[]): readonly BundledPackage[] {
	const folders = new Set(moduleIds.flatMap(id => folderOf(id) ?? []));
	// The same one may lie in several places.
	const packages = new Map([...folders].map(readPackage).map(found => [`${found.name} ${found.version}`, found]));
	return [...packages].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, found]) => found);
}

/** `…/node_modules/ink` of `…/node_modules/ink/build/index.js?x`; undefined for our own modules and the bundler's. */
export function folderOf(moduleId: string): string | undefined {
	return /^[^\0?]*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/?]+/.exec(moduleId)?.[0];
}

function readPackage(folder: string): BundledPackage {
	const {name, version, license} = packageFile.parse(JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')));
	const what = `${name} ${version} is in the bundle`;
	if (typeof license !== 'string' || !known.has(license))
		throw new Error(`${what}, under ${JSON.stringify(license)}: may it be handed out? See build/notices.ts`);
	const texts = readdirSync(folder)
		.filter(entry => /^(licen[cs]e|copying|(copyright)?notice)(\.(md|txt))?$/i.test(entry))
		.toSorted((a, b) => rank(a) - rank(b))
		.map(entry => readFileSync(join(folder, entry), 'utf8').trim());
	const holder = texts.length === 0 && license === 'MIT' ? holders[name] : undefined;
	if (holder !== undefined) texts.push(mit(holder));
	if (texts.length === 0) throw new Error(`${what}, without the text of its licence (${license}): see build/notices.ts`);
	return {name, version, licence: license, text: texts.join('\n\n')};
}

/** The licence before what goes with it. */
const rank = (entry: string): number => (/notice/i.test(entry) ? 1 : 0);

/** Our own licence is the same, but for its holder. */
const mit = (holder: string): string =>
	readFileSync(new URL('../LICENSE', import.meta.url), 'utf8')
		.replace(/^Copyright .*$/m, `Copyright (c) ${holder}`)
		.trim();

/** THIRD-PARTY-NOTICES.txt. */
export function noticesText(packages: readonly BundledPackage[]): string {
	const head = 'redis-triage contains these packages. Each comes with its licence, whose text follows.';
	const list = packages.map(({name, version, licence}) => `  ${name} ${version} (${licence})`);
	const texts = packages.map(({name, version, licence, text}) =>
		['-'.repeat(80), `${name} ${version} (${licence})`, '', text.replaceAll('\r\n', '\n')].join('\n'),
	);
	return `${[head, list.join('\n'), ...texts].join('\n\n')}\n`;
}
