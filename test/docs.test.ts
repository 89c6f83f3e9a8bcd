import {readFileSync, writeFileSync} from 'node:fs';
import {expect, it} from 'vitest';
import {actionsTable, keysTable, safetyTable, withSection} from '../build/docs.ts';

const sections = [
	['README.md', 'keys', keysTable],
	['README.md', 'actions', actionsTable],
	['docs/safety.md', 'actions', safetyTable],
] as const;

it.each(sections)('%s: the table of %s says what the source says (npm run docs mends it)', (file, name, content) => {
	const url = new URL(`../${file}`, import.meta.url);
	const text = readFileSync(url, 'utf8');
	const fresh = withSection(text, name, content());
	if (process.env.UPDATE_DOCS === '1') writeFileSync(url, fresh);
	else expect(text).toBe(fresh);
});
