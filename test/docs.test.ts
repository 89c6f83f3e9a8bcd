import {readFileSync, writeFileSync} from 'node:fs';
import {expect, it} from 'vitest';
import {actionsTable, benchSummary, keysTable, safetyTable, withSection} from '../build/docs.ts';
import {thresholdLines} from '../src/config/threshold-lines.ts';
import {rules} from '../src/diagnosis/diagnose.ts';

const sections = [
	['README.md', 'keys', keysTable],
	['README.md', 'actions', actionsTable],
	['README.md', 'bench', () => benchSummary(readFileSync(new URL('../docs/benchmarks.md', import.meta.url), 'utf8'))],
	['docs/safety.md', 'actions', safetyTable],
] as const;

it.each(sections)('%s: the table of %s says what the source says (npm run docs mends it)', (file, name, content) => {
	const url = new URL(`../${file}`, import.meta.url);
	const text = readFileSync(url, 'utf8');
	const fresh = withSection(text, name, content());
	if (process.env.UPDATE_DOCS === '1') writeFileSync(url, fresh);
	else expect(text).toBe(fresh);
});

it('docs/findings.md has every finding, and every threshold by its key in the config file', () => {
	const text = readFileSync(new URL('../docs/findings.md', import.meta.url), 'utf8');
	const described = [...text.matchAll(/^\| `([a-z.-]+)` \|/gm)].map(([, id]) => id);
	expect(described.toSorted()).toEqual(rules.map(({id}) => id).toSorted());
	const thresholds = [...text.matchAll(/\(`([a-z-]+)`\)/g)].map(([, name]) => name);
	expect(thresholds.toSorted()).toEqual(
		Object.values(thresholdLines)
			.map(({key}) => key)
			.toSorted(),
	);
});
