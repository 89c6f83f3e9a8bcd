import {describe, expect, it} from 'vitest';
import {courseOf} from '../../../src/incident/report/course.ts';
import type {ReportSource} from '../../../src/incident/report/source.ts';
import {spansOf, union} from '../../../src/incident/report/spans.ts';
import type {Finding} from '../../../src/store/finding.ts';
import type {TimelineEvent} from '../../../src/store/timeline.ts';
import {at, finding, played, type Second} from '../../helpers/played-recording.ts';
import {observed} from '../../helpers/report.ts';

/** Findings by name, each with the seconds in which it stands. */
const standing =
	(...spans: readonly (readonly [id: string, severity: Finding['severity'], from: number, to: number])[]) =>
	(second: number): Second => ({findings: spans.filter(([, , from, to]) => second >= from && second < to).map(([id, severity]) => finding(id, severity))});

const seen = (seconds: number, secondAt: (second: number) => Second | undefined) => observed(played({seconds, at: secondAt}));
const courseFor = (seconds: number, secondAt: (second: number) => Second | undefined) => {
	const all = seen(seconds, secondAt);
	return courseOf(spansOf(all), all);
};
const inSeconds = (ms: number | undefined) => (ms === undefined ? undefined : (ms - at(0)) / 1000);

describe('spansOf', () => {
	it('tells of each finding from when to when it stood, as it was last told', () => {
		const spans = spansOf(seen(100, standing(['a', 'P1', 20, 40], ['b', 'P2', 0, 200], ['c', 'P0', 30, 200])));
		expect(spans.map(({id, severity, fromMs, toMs, isBeginKnown}) => [id, severity, inSeconds(fromMs), inSeconds(toMs), isBeginKnown])).toEqual([
			['b', 'P2', 0, undefined, true],
			['a', 'P1', 20, 40, true],
			['c', 'P0', 30, undefined, true],
		]);
		expect(spans[1]).toMatchObject({title: 'title of a', evidence: 'evidence of a', trouble: {fromMs: at(20), toMs: at(40)}});
		expect(spans[0]?.trouble).toBeUndefined();
	});

	it('knows the worst that it was, and that it is trouble only from then on', () => {
		const [span] = spansOf(seen(90, second => ({findings: second < 20 ? [] : [finding('a', second < 50 ? 'P2' : 'P0')]})));
		expect(span).toMatchObject({severity: 'P0', fromMs: at(20), toMs: undefined, trouble: {fromMs: at(50), toMs: undefined}});
	});

	it('knows from the frames when it became a mere risk', () => {
		const [span] = spansOf(seen(90, second => ({findings: second < 20 ? [] : [finding('a', second < 50 ? 'P1' : 'P2')]})));
		expect(span).toMatchObject({severity: 'P1', toMs: undefined, trouble: {fromMs: at(20), toMs: at(50)}});
	});

	it('shows of what gave way to another the evidence that it was found with, and of what is simply over the last one', () => {
		const timed = (id: string, second: number) => finding(id, 'P0', {title: `${id} for ${second}s`, evidence: `seen at ${second}s`});
		const blocked = (second: number): Second => {
			if (second < 20 || second >= 60) return {};
			return second < 25
				? {server: {kind: 'SILENT', sinceMs: at(19)}, findings: [timed('server.silent', second)]}
				: {server: {kind: 'BUSY', sinceMs: at(25)}, findings: [timed('script.busy', second)]};
		};
		expect(spansOf(seen(90, blocked)).map(({id, title, evidence}) => [id, title, evidence])).toEqual([
			['server.silent', 'server.silent for 24s', 'seen at 20s'],
			['script.busy', 'script.busy for 59s', 'seen at 59s'],
		]);
	});

	it('counts what came back within seconds as one', () => {
		const spans = spansOf(seen(90, standing(['a', 'P1', 20, 30], ['a', 'P1', 35, 40], ['a', 'P1', 60, 70])));
		expect(spans.map(({fromMs, toMs, returns}) => [inSeconds(fromMs), inSeconds(toMs), returns])).toEqual([
			[20, 40, 1],
			[60, 70, 0],
		]);
	});

	it('does not know when what stands at the first look began, where the timeline does not tell it', () => {
		const source = played({seconds: 60, at: standing(['a', 'P1', 0, 30], ['b', 'P2', 0, 90])});
		const later = {
			...source,
			fromMs: at(20),
			marks: source.marks.slice(3),
			at: (ms: number) => ({...source.at(ms), timeline: source.at(ms).timeline.slice(3)}),
		};
		const spans = spansOf(observed(later));
		expect(spans.map(({id, fromMs, toMs, isBeginKnown}) => [id, inSeconds(fromMs), inSeconds(toMs), isBeginKnown])).toEqual([
			['a', 20, 30, false],
			['b', 20, undefined, false],
		]);
	});

	it('ends with the console turning to another server, which tells nothing of this one', () => {
		const moved = (second: number): Second => ({
			...standing(['a', 'P1', 20, 40], ['b', 'P1', 60, 90])(second),
			...(second < 40 ? {} : {session: {target: {name: 'other', address: '10.0.0.5:6379', environment: undefined, db: 0}}}),
		});
		const all = seen(80, moved);
		expect(spansOf(all).map(({id, toMs, isLeft}) => [id, Math.round(inSeconds(toMs) ?? -1), isLeft])).toEqual([
			['a', 39, true],
			['b@10.0.0.5:6379', -1, false],
		]);
		expect(all.targets).toEqual(['cache 10.0.0.9:6379', 'other 10.0.0.5:6379']);
	});
});

describe('what was told of a server that the console then looks at', () => {
	const here = {session: {target: {name: 'other', address: '10.0.0.5:6379', environment: undefined, db: 0}}};
	const told = finding('server.down@10.0.0.5:6379', 'P1', {node: '10.0.0.5:6379'});
	const own = finding('server.down', 'P1');
	const over = {kind: 'over', severity: 'P1', text: 'server.down@10.0.0.5:6379 is over', details: [], subject: 'server.down@10.0.0.5:6379'} as const;
	const ends = (secondAt: (second: number) => Second, isOverTold: boolean) => {
		const source = played({seconds: 80, at: secondAt, events: isOverTold ? {70: [over]} : {}});
		return spansOf(observed(withoutOwnEnd(source))).map(({id, toMs, isLeft}) => [id, inSeconds(toMs), isLeft]);
	};
	/** The console went on with it, as its light connection had not seen the end. */
	const withoutOwnEnd = (source: ReportSource): ReportSource => {
		const kept = ({kind, atMs}: Pick<TimelineEvent, 'kind' | 'atMs'>) => kind !== 'over' || atMs === at(70);
		return {...source, marks: source.marks.filter(kept), at: ms => ({...source.at(ms), timeline: source.at(ms).timeline.filter(kept)})};
	};
	const moved =
		(kind: 'OK' | 'CONNECTING', then: readonly Finding[] = []) =>
		(second: number): Second =>
			second < 40 ? {findings: second < 20 ? [] : [told]} : {...here, findings: then, server: {kind: second < 42 ? 'CONNECTING' : kind, sinceMs: at(40)}};

	it.each([true, false])('is over when it answers there and nothing is found, whether the end was told later (%s) or never', isOverTold => {
		expect(ends(moved('OK'), isOverTold)).toEqual([['server.down@10.0.0.5:6379', 42, false]]);
	});

	it('is over then also where no frame has it: it was told between the last one from elsewhere and the first one there', () => {
		const found = {kind: 'found', severity: 'P1', text: 'server.down: title', details: [], subject: told.id} as const;
		const source = played({seconds: 80, at: second => (second < 40 ? {} : {...here, server: {kind: 'OK', sinceMs: at(40)}}), events: {39: [found]}});
		expect(spansOf(observed(source)).map(({id, toMs, isLeft}) => [id, inSeconds(toMs), isLeft])).toEqual([[told.id, 40, false]]);
	});

	it('goes on where it does not answer, and where it is found there, too', () => {
		expect(ends(moved('CONNECTING'), true)).toEqual([['server.down@10.0.0.5:6379', 70, false]]);
		expect(ends(moved('OK', [own]), false)).toEqual([['server.down@10.0.0.5:6379', undefined, false]]);
	});
});

describe('courseOf', () => {
	it('is nothing where there was no P0 and no P1', () => {
		expect(courseFor(60, standing(['a', 'P2', 20, 40]))).toBeUndefined();
	});

	it.each([
		['over', 340],
		['monitoring', 339],
	])('is %s at %i s, when the last one ended at 40 s', (status, seconds) => {
		expect(courseFor(seconds, standing(['a', 'P1', 20, 40], ['b', 'P0', 30, 35]))).toMatchObject({status, severity: 'P0', fromMs: at(20), toMs: at(40)});
	});

	it('goes on where something stands at the end', () => {
		expect(courseFor(60, standing(['a', 'P1', 20, 40], ['b', 'P1', 50, 90]))).toMatchObject({status: 'ongoing', fromMs: at(20), toMs: undefined});
	});

	it.each([
		['clients.high', 0, false, false],
		['clients.high', 1, true, true],
		['clients.high', 10, true, true],
		['clients.high', 11, true, false],
		['server.silent', 0, false, false],
		['server.silent', 1, true, false],
	])('%s found %i s after the first look: is its beginning known? %s; may it have stood before? %s', (id, second, isBeginKnown, isNearFirstLook) => {
		expect(courseFor(60, standing([id, 'P1', second, 40]))).toMatchObject({isBeginKnown, isNearFirstLook});
	});

	it('counts the first look from where the session began, and not anew from where the console turned to another server', () => {
		const moved = (second: number): Second => ({
			...standing(['server.silent', 'P0', 6, 20], ['sentinel.failover-near', 'P1', 6, 20])(second),
			...(second < 10 ? {} : {session: {target: {name: 'other', address: '10.0.0.5:6379', environment: undefined, db: 0}}}),
			server: {kind: second === 0 || second === 10 ? 'CONNECTING' : second >= 6 && second < 10 ? 'SILENT' : 'OK', sinceMs: at(second)},
		});
		expect(courseFor(60, moved)).toMatchObject({fromMs: at(6), isBeginKnown: true, isNearFirstLook: false});
	});

	it.each([
		[339, 1],
		[341, 2],
	])('trouble that is back at %i s, after an end at 40 s, makes %i stretch(es)', (second, count) => {
		expect(courseFor(400, standing(['a', 'P1', 20, 40], ['b', 'P1', second, 380]))?.stretches).toHaveLength(count);
	});
});

it('union joins what touches, and nothing that does not', () => {
	const stretch = (fromMs: number, toMs?: number) => ({fromMs, toMs});
	expect(union([stretch(5, 9), stretch(0, 2), stretch(2, 3), stretch(6, 7)])).toEqual([stretch(0, 3), stretch(5, 9)]);
	expect(union([stretch(0), stretch(3, 4)])).toEqual([stretch(0)]);
});
