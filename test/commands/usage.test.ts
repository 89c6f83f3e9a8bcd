import {describe, expect, it} from 'vitest';
import {flagSpecs} from '../../src/commands/flag-table.ts';
import {parseFlags} from '../../src/commands/flags.ts';
import {usageText} from '../../src/commands/usage.ts';

const scenarios = ['script', 'unkillable', 'clients'];
const text = usageText(scenarios);
const lines = text.split('\n');

describe('usageText', () => {
	it('is plain and at most 80 columns wide', () => {
		expect(text).toMatch(/^[\n\x20-\x7e]+\n$/);
		expect(lines.filter(line => line.length > 80 || line.endsWith(' '))).toEqual([]);
	});

	it.each([...flagSpecs.values()])('has a row for $spelled', ({spelled, value}) => {
		expect(lines.filter(line => line.startsWith(value === undefined ? `  ${spelled}  ` : `  ${spelled} ${value}  `))).toHaveLength(1);
	});

	it('names the scenarios', () => {
		expect(text).toContain('script, unkillable, clients');
	});

	it('gives examples that work', () => {
		const examples = lines.slice(lines.indexOf('Examples')).filter(line => line.startsWith('  redis-triage'));
		expect(examples.length).toBeGreaterThan(3);
		for (const example of examples) {
			const argv = (example.trim().split(/ {2,}/)[0] ?? '').split(' ').slice(1);
			expect(parseFlags({argv, env: {}, scenarios}).command).toMatch(/console|demo|do/);
		}
	});
});

it.each([...flagSpecs.values()])('$spelled says by example what its value looks like, if it takes one', ({spelled, value, example}) => {
	expect(example?.startsWith(`${spelled} `)).toBe(value === undefined ? undefined : true);
});
