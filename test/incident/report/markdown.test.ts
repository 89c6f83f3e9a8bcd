import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import type {IncidentReport} from '../../../src/incident/report/incident-report.ts';
import {reportMarkdown} from '../../../src/incident/report/markdown.ts';
import {block, code, plain} from '../../../src/incident/report/markdown-text.ts';
import {auditLine} from '../../helpers/audit-log.ts';
import {foreignText} from '../../helpers/foreign-text.ts';
import {outageLog, outageRecording} from '../../helpers/outage-recording.ts';
import {at, everyTenth, finding, played} from '../../helpers/played-recording.ts';
import {reportFrom} from '../../helpers/report.ts';

describe('foreign text', () => {
	it.each([
		['a|b', 'a\\|b'],
		['# heading', '\\# heading'],
		['- item', '\\- item'],
		['1. item', '1\\. item'],
		['1.5 GiB of 127.0.0.1:6379', '1.5 GiB of 127.0.0.1:6379'],
		['1) item', '1\\) item'],
		['12.', '12\\.'],
		['busy-reply-threshold of max_clients', 'busy-reply-threshold of max_clients'],
		['_a_ **b** `c`', '\\_a\\_ \\*\\*b\\*\\* \\`c\\`'],
		['[x](http://y) <img src=x> &amp;', '\\[x\\](http://y) \\<img src=x\\> \\&amp;'],
		['a\nb\u001b[2J\u202e', 'a␊b␛\\[2J‹202e›'],
	])('%j is written %j', (text, markdown) => {
		expect(plain(text)).toBe(markdown);
	});

	it('as code has a fence that is longer than any in it', () => {
		expect(code('a`b``c|d')).toBe('```a`b``c\\|d```');
		expect(code('`')).toBe('`` ` ``');
		expect(block(['```', 'x\ny'])).toEqual(['````', '```', 'x␊y', '````']);
	});
});

/** What makes up the document: its lines without what stands in them. */
function skeleton(markdown: string): readonly string[] {
	const lines: string[] = [];
	let fence: string | undefined;
	for (const line of markdown.split('\n')) {
		const [marks] = /^`{3,}/.exec(line) ?? [];
		if (fence === undefined && marks !== undefined) fence = marks;
		else if (fence !== undefined && line === fence) fence = undefined;
		else if (fence === undefined) lines.push(shapeOf(line));
	}
	expect(fence).toBeUndefined();
	return lines.filter(shape => shape !== '');
}

function shapeOf(line: string): string {
	if (line.startsWith('|')) return `table of ${line.replace(/\\[\\|]/g, '').split('|').length - 2}`;
	return /^(#+ |- \[ \] | {2}- |- |> |>$|---$|\d+[.)] |\s+\S)/.exec(line)?.[1]?.replace(/\d+/, '1') ?? '';
}

/** What Markdown reads as such: without code, and without what is escaped. */
function bare(line: string): string {
	const [, code] = /^(`+)(?!`)/.exec(line) ?? [];
	if (line === '') return '';
	if (line.startsWith('\\')) return bare(line.slice(2));
	if (code === undefined) return (line[0] ?? '') + bare(line.slice(1));
	const end = [...line.slice(code.length).matchAll(/`+/g)].find(([run]) => run === code);
	expect(end, `code is open in ${line}`).toBeDefined();
	return bare(line.slice(code.length + (end?.index ?? 0) + code.length));
}

const outsideOfBlocks = (markdown: string): readonly string[] => markdown.replace(/^(`{3,})\n[\s\S]*?\n\1$/gm, '').split('\n');

/** Links, images, HTML, emphasis: the document itself has none but these. */
const ownMarks = /^> ?|^- \[ \] |\*\*[^*]+\*\*|\|/g;
const marksIn = (markdown: string) => outsideOfBlocks(markdown).filter(line => /[<>[\]*~&]/.test(bare(line).replace(ownMarks, '')));

/** Wherever somebody else has a say. */
const reportWith = (text: string): IncidentReport =>
	reportFrom(
		played({
			seconds: 60,
			at: everyTenth(second => ({
				session: {
					operator: text,
					target: {name: `n${text}`, address: `a${text}`, environment: text, db: 0},
					components: [{name: `c${text}`, keys: ['k*'], impact: `i${text}`, isClearable: false}],
				},
				server: {kind: second >= 20 && second < 40 ? 'BUSY' : 'OK', sinceMs: at(20), detail: `d${text}`},
				findings: [
					...(second >= 20 && second < 40 ? [finding('script.busy', 'P0', {title: `t${text}`, evidence: `e${text}`, components: [`f${text}`]})] : []),
					finding('ha.none', 'P2', {title: `t${text}`, evidence: `e${text}`, steps: [`s${text}`]}),
				],
				recovery: {items: [{label: `l${text}`, ok: true, detail: `d${text}`}], checks: []},
				vitals: {opsPerSecond: 5},
			})),
			events: {30: [{kind: 'note', severity: undefined, text: `n${text}`, details: [`noted by o${text}`]}]},
			change: {file: `/x/${text.replaceAll('/', '')}.rec`, damage: {atByte: 1, ofBytes: 2, afterMs: at(60), reason: `r${text}`}},
		}),
		[
			auditLine('a', 'intent', {
				at: new Date(at(30)).toISOString(),
				target: `n${text} a${text}`,
				operator: `o${text}`,
				host: `h${text}`,
				plan: [['EVAL', `p${text}`]],
			}),
			auditLine('a', 'outcome', {
				at: new Date(at(31)).toISOString(),
				target: `n${text} a${text}`,
				operator: `o${text}`,
				plan: [['EVAL', `p${text}`]],
				outcome: 'done',
				detail: `d${text}`,
				output: [`u${text}`],
				before: {state: 'BUSY', values: {[`v${text}`]: `w${text}`}},
				undo: {action: 'x', on: [`y${text}`], set: {}},
			}),
		],
	);

describe('the document', () => {
	const expected = skeleton(reportMarkdown(reportWith('x')));

	it.each([
		'| a | b |',
		'\\|',
		'\\',
		'`',
		'``` \n```',
		'\n\n# owned\n\n- item\n> quote\n',
		'<script>alert(1)</script><!--',
		'</td></table>',
		'[x](javascript:alert(1))',
		'![x](http://evil/?leak)',
		'\r\n| new | row |\r\n',
		'\u2028| a |\u2029',
		'\u001b]0;owned\u0007\u009b2J',
		'~~~\n',
		'    indented',
		'\t',
	])('keeps its shape whatever stands in it: %j', text => {
		const markdown = reportMarkdown(reportWith(text));
		expect(skeleton(markdown)).toEqual(expected);
		expect(marksIn(markdown)).toEqual([]);
	});

	it('keeps its shape with any text, and has nothing invisible in it', () => {
		fc.assert(
			fc.property(foreignText, text => {
				const markdown = reportMarkdown(reportWith(text));
				expect(skeleton(markdown)).toEqual(expected);
				expect(marksIn(markdown)).toEqual([]);
				expect(markdown).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/);
			}),
			{numRuns: 40},
		);
	});

	it('is the same, byte for byte, from the same input', () => {
		const one = reportMarkdown(reportFrom(outageRecording(), outageLog));
		expect(reportMarkdown(reportFrom(outageRecording(), outageLog))).toBe(one);
		// Nor does it tell from which folder it was read.
		expect(reportMarkdown(reportFrom(outageRecording({file: '/elsewhere/20250101T120000Z-cache-4711.rec'}), outageLog))).toBe(one);
	});

	it('says so in few words where there was no incident', () => {
		const markdown = reportMarkdown(reportFrom(played({seconds: 100, at: () => ({vitals: {opsPerSecond: 5}})})));
		expect(markdown).toMatch(/^# Record: cache, 2025-01-01$/m);
		expect(markdown).toContain('| Status | no incident: no P0 or P1 was seen |');
		expect(markdown).not.toMatch(/\| (Start|End|Severity) \|/);
		expect(markdown).not.toContain('Before:');
		expect(markdown).toContain('> Until 2025-01-01 12:01 UTC we saw no interruption.');
	});

	it('has the day with every time of another day', () => {
		const source = outageRecording();
		const dayLater = reportFrom({...source, fromMs: source.fromMs - 86_400_000});
		expect(reportMarkdown(dayLater)).toContain('| 2025-01-01 12:05:00Z | found P1 |');
	});
});
