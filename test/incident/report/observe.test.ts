import {describe, expect, it} from 'vitest';
import {createRedactor} from '../../../src/incident/recording/redact-recorded.ts';
import {momentsToLookAt} from '../../../src/incident/report/moments.ts';
import type {TimelineEvent} from '../../../src/store/timeline.ts';
import {at, finding, played} from '../../helpers/played-recording.ts';
import {observed, reportFrom} from '../../helpers/report.ts';

const inSeconds = (moments: readonly number[]) => moments.map(ms => (ms - at(0)) / 1000);
const event = (second: number, change: Partial<TimelineEvent> = {}): TimelineEvent => ({
	id: second,
	atMs: at(second),
	kind: 'found',
	severity: 'P0',
	text: 'x',
	details: [],
	subject: 'x',
	...change,
});

describe('what is looked at', () => {
	const source = played({seconds: 1000, at: () => ({})});
	const moments = (events: readonly TimelineEvent[], intervalMs = 1000) => inSeconds(momentsToLookAt(source, {events, intervalMs}));

	it('is what is found at once, as far as it takes for the samples to have no gap, and both sides of every edge', () => {
		expect(moments([])).toEqual([0, 480, 1000]);
		expect(moments([event(100), event(100, {kind: 'over', atMs: at(100.5)})])).toEqual([0, 99, 100, 101, 480, 1000]);
		expect(moments([event(100, {severity: 'P2'}), event(200, {kind: 'note', severity: undefined}), event(300, {kind: 'state', severity: undefined})])).toEqual([
			0, 299, 300, 480, 1000,
		]);
	});

	it('is bounded, and then the weightiest', () => {
		const many = Array.from({length: 300}, (_, index) => event(3 * index + 10, {kind: 'state', severity: undefined}));
		const looked = moments([...many, event(950)]);
		expect(looked).toContain(949);
		expect(looked.length).toBeLessThan(170);
	});

	it('is more during trouble, where a short interval fills the history sooner', () => {
		const [from, to] = [event(400), event(700, {kind: 'over'})];
		expect(moments([from, to], 100).length).toBeGreaterThan(moments([from, to]).length + 10);
	});
});

it('takes every sample from the history of the frames that it looks at', () => {
	const {samples, looks} = observed(played({seconds: 1500, at: second => ({vitals: {opsPerSecond: second === 1001 ? 1 : 50}})}));
	expect(looks.length).toBeLessThan(12);
	expect(samples).toHaveLength(1501);
	expect(samples.filter(({opsPerSecond}) => opsPerSecond === 1)).toMatchObject([{atMs: at(1001)}]);
});

it('looks closer where something became a mere risk, which the timeline does not tell', () => {
	const {looks} = observed(played({seconds: 900, at: second => ({findings: second < 20 ? [] : [finding('a', second < 333 ? 'P1' : 'P2')]})}));
	expect(inSeconds(looks.map(({atMs}) => atMs))).toEqual([0, 19, 20, 332, 333, 480, 900]);
});

it('has the timeline of earlier frames where the last one has let go of it, and else the marks', () => {
	const source = played({seconds: 60, at: second => ({findings: second % 20 < 5 ? [finding('a', 'P1')] : []})});
	const whole = observed(source);
	// Each frame keeps but its last two events.
	const short = {...source, at: (ms: number) => ({...source.at(ms), timeline: source.at(ms).timeline.slice(-2)})};
	expect(observed(short).events).toEqual(whole.events);
	expect([whole.isTimelineCut, observed(short).isTimelineCut]).toEqual([false, false]);
	const cut = {...source, at: (ms: number) => ({...source.at(ms), timeline: source.at(at(60)).timeline.slice(-2)})};
	const {events, isTimelineCut} = observed(cut);
	expect(isTimelineCut).toBe(true);
	expect(events.map(({text}) => text)).toEqual(whole.events.map(({text}) => text));
	expect(events[0]?.details).toEqual([]);
});

it('a report of a redacted recording has no address in it, and what is of the server that it begins with has its short name', () => {
	const redact = createRedactor(Buffer.alloc(32, 1));
	const source = played({seconds: 60, at: second => ({findings: second < 20 ? [] : [finding('memory.no-limit', 'P2')]})});
	const {address} = source.at(at(0)).session.target;
	expect(source.at(at(60)).timeline.map(({subject}) => subject)).toContain(`memory.no-limit@${address}`);
	const report = reportFrom({...source, isRedacted: true, at: ms => redact(source.at(ms))});
	expect(report.followUps.map(({text}) => text.split(':')[0])).toEqual(['P2 memory.no-limit']);
	expect(JSON.stringify(report)).not.toContain(address.split(':')[0]);
});
