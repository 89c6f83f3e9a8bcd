import {describe, expect, it} from 'vitest';
import {clientKill} from '../../../src/actions/clients/client-kill.ts';
import {runAction} from '../../../src/actions/run-action.ts';
import {scriptRaiseLimit} from '../../../src/actions/scripts/script-raise-limit.ts';
import {noChoice} from '../../../src/actions/types.ts';
import {keepTimeline} from '../../../src/commands/console/keep-timeline.ts';
import {ReplyLostError} from '../../../src/errors.ts';
import type {Finding} from '../../../src/store/finding.ts';
import {nobody, setUp, three} from '../../helpers/action-run.ts';
import {noonMs, type StateParts, stateWith, storeWith} from '../../helpers/fixtures.ts';

/** A timeline on a store, with actions whose world the test owns. */
function keep(setting: Parameters<typeof setUp>[0] = {}) {
	const run = setUp(setting);
	const {deps} = run;
	// The world after it, as the server would tell it: the timeline is not the server's.
	const refresh = async () => run.store.setState(({timeline}) => ({...stateWith(setting.after ?? nobody), timeline}));
	const kept = {...deps, ...keepTimeline(run.store, deps.clock)({...deps, refresh})};
	const timeline = () => run.store.getState().timeline;
	return {...run, kept, timeline, texts: () => timeline().map(({kind, text}) => `${kind} ${text}`)};
}

const finding = (id: string): Finding => ({id, severity: 'P1', title: 'title', evidence: '', meaning: [], components: [], remedies: [], over: ''});

describe('what changes in the store', () => {
	const change = (...parts: readonly StateParts[]) => {
		const {store, texts} = keep({state: {}});
		for (const part of parts) store.setState({...stateWith(part), timeline: store.getState().timeline});
		return texts().slice(1);
	};

	it('begins with the console itself', () => {
		const {timeline} = keep({state: {environment: 'production', session: {operator: 'alice from 10.0.0.9'}}});
		expect(timeline()).toEqual([
			{
				id: 1,
				atMs: noonMs,
				kind: 'console',
				severity: undefined,
				text: 'Console started on cache (10.0.0.9:6379), production, guarded',
				details: ['by alice from 10.0.0.9', 'polling every 1 s', 'actions are written to /nowhere/audit.jsonl'],
			},
		]);
	});

	it('is told as it happens', () => {
		expect(change({server: {kind: 'BUSY'}, findings: [finding('script.busy')]}, {session: {mode: 'read-only'}})).toEqual([
			'state BUSY after 1m00s of OK',
			'found script.busy: title',
			'console Read-only from here on: no action can run',
			'state OK after 1m00s of BUSY',
			'over script.busy is over: stood 0s',
		]);
	});

	it('is told once, whoever else hears and changes the store meanwhile', () => {
		const store = storeWith();
		store.subscribe(({nowMs}) => {
			if (nowMs === noonMs + 1) store.setState({nowMs: noonMs + 2, findings: [finding('b')]});
		});
		const {deps} = setUp();
		keepTimeline(store, deps.clock);
		store.setState({nowMs: noonMs + 1, findings: [finding('a')]});
		expect(
			store
				.getState()
				.timeline.map(({text}) => text)
				.slice(1),
		).toSatisfy((texts: readonly string[]) => new Set(texts).size === texts.length);
		expect(store.getState().timeline.filter(({text}) => text === 'b: title')).toHaveLength(1);
	});

	it('takes a finding that cannot be looked at for what it was', () => {
		const lost: StateParts = {contact: {link: 'broken'}, server: {kind: 'DOWN'}};
		expect(change({findings: [finding('persistence.off')]}, lost, {findings: [finding('persistence.off')]})).toEqual([
			'found persistence.off: title',
			'state DOWN after 1m00s of OK',
			'state OK after 1m00s of DOWN',
		]);
	});
});

describe('an action', () => {
	it('is two events of one audit id: sent, and how it ended', async () => {
		const {kept, stop, timeline} = keep();
		await runAction(clientKill, noChoice, kept, stop.signal);
		expect(timeline().slice(1)).toMatchObject([
			{
				kind: 'action',
				subject: 'run-1',
				text: expect.stringMatching(/^client\.kill sent by tester: CLIENT KILL ID 7/),
				details: [expect.stringMatching(/^CLIENT KILL ID 7/), 'server: OK, 12 clients', 'audit id run-1'],
			},
			{
				kind: 'action',
				subject: 'run-1',
				outcome: 'done',
				text: expect.stringMatching(/^client\.kill done: /),
				details: [
					'by tester',
					expect.stringMatching(/after it was sent$/),
					expect.stringMatching(/^CLIENT KILL/),
					expect.stringMatching(/before.*after/),
					'audit id run-1',
				],
			},
		]);
	});

	it.each<[string, Parameters<typeof setUp>[0], RegExp]>([
		['left', {confirm: false}, /^client\.kill cancelled: /],
		['refused', {state: {clients: []}}, /^client\.kill refused: /],
	])('that was %s is told by its end alone', async (_what, setting, text) => {
		const {kept, stop, timeline} = keep(setting);
		await runAction(clientKill, noChoice, kept, stop.signal);
		expect(timeline().slice(1)).toMatchObject([{text: expect.stringMatching(text), details: expect.arrayContaining(['nothing was sent'])}]);
	});

	it('of several commands names the first and how many more', async () => {
		const {kept, stop, texts, timeline} = keep({state: three});
		await runAction(clientKill, noChoice, kept, stop.signal);
		expect(texts()[1]).toMatch(/^action client\.kill sent by tester: CLIENT KILL ID \d.* and 2 more$/);
		expect(timeline()[1]?.details.filter(detail => detail.startsWith('CLIENT KILL'))).toHaveLength(3);
	});

	it('whose reply was lost says that nobody knows', async () => {
		const {kept, stop, timeline} = keep({replies: [new ReplyLostError('gone')]});
		await runAction(clientKill, noChoice, kept, stop.signal);
		expect(timeline().at(-1)).toMatchObject({outcome: 'unknown', text: expect.stringMatching(/^client\.kill unknown: /)});
	});

	it('that could not be written down was not sent, and says so', async () => {
		const {deps, store, stop} = setUp();
		const audit = async () => {
			throw new Error('disk full');
		};
		await runAction(clientKill, noChoice, {...deps, ...keepTimeline(store, deps.clock)({...deps, audit})}, stop.signal);
		expect(store.getState().timeline.slice(1)).toMatchObject([{outcome: 'refused', text: expect.stringContaining('Nothing was sent')}]);
	});
});

it('keeps the way back of what was done, until it has been taken back', async () => {
	const {store, kept, stop} = keep({state: {settings: {'busy-reply-threshold': '700'}}, after: {settings: {'busy-reply-threshold': '1400'}}});
	await runAction(scriptRaiseLimit, noChoice, kept, stop.signal);
	const [way] = store.getState().waysBack;
	expect(way).toMatchObject({
		auditId: 'run-1',
		operator: 'tester',
		title: 'back to busy-reply-threshold 700',
		choice: {on: [], set: {ms: '700', from: '1400'}},
	});
	await kept.audit({phase: 'outcome', id: 'run-2', action: 'script.raise-limit', danger: 'disruptive', plan: [], outcome: 'unverified', undoes: 'run-1'});
	expect(store.getState().waysBack).toHaveLength(1);
	await kept.audit({phase: 'outcome', id: 'run-3', action: 'script.raise-limit', danger: 'disruptive', plan: [], outcome: 'done', undoes: 'run-1'});
	expect(store.getState().waysBack).toEqual([]);
});

it('keeps what a program has said with its end', async () => {
	const {kept, timeline} = keep({});
	const note = {id: 'run-1', action: 'hook.restart', danger: 'safe', plan: [['restart']]};
	await kept.audit({...note, phase: 'intent'});
	await kept.audit({...note, phase: 'outcome', outcome: 'done', output: Array.from({length: 50}, (_, index) => `line ${index}`)});
	const {details = []} = timeline().at(-1) ?? {};
	expect(details.filter(line => line.startsWith('line '))).toEqual(Array.from({length: 30}, (_, index) => `line ${index + 20}`));
});
