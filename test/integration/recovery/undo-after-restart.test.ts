import {expect, it} from 'vitest';
import {registryOf} from '../../../src/actions/registry.ts';
import {systemClock} from '../../../src/clock.ts';
import {ActionDesk} from '../../../src/commands/console/action-desk.ts';
import {keepActionStatus} from '../../../src/commands/console/action-status.ts';
import {keepTimeline} from '../../../src/commands/console/keep-timeline.ts';
import {tellPast} from '../../../src/commands/console/tell-past.ts';
import {paletteEntries} from '../../../src/hooks/palette.ts';
import {dialogDeafMs} from '../../../src/store/dialog.ts';
import {followUps} from '../../../src/store/follow-ups.ts';
import {writeLog} from '../../helpers/audit-log.ts';
import type {TestRedis} from '../../helpers/redis-server.ts';
import {isWhole, openTestSession, startForTest} from '../../helpers/server-session.ts';

/** A console from its start: it reads what earlier ones have left in the log. */
async function startConsole(redis: TestRedis, auditFile: string) {
	const session = await openTestSession(redis.url, {auditFile});
	const {store} = session;
	const registry = registryOf();
	const stop = new AbortController();
	const timelined = keepTimeline(store, systemClock)(session.actionDeps);
	const desk = new ActionDesk({store, clock: systemClock, deps: () => timelined, registry, isAscii: false, signal: stop.signal});
	keepActionStatus(store, registry);
	await tellPast(store, auditFile, session.auditTarget, systemClock.now());
	store.setState(({ui}) => ({ui: {...ui, size: {columns: 120, rows: 40}}}));
	await session.until('it is open', state => isWhole(state) && state.session.acting === 'open');
	const answer = async () => {
		await session.until('the dialog listens', ({ui, nowMs}) => ui.dialog?.phase === 'asking' && nowMs - ui.dialog.openedAtMs > dialogDeafMs);
		const sends = store.getState().ui.dialog?.request.plan;
		desk.accept();
		const ended = await session.until('it has ended', ({ui}) => ui.dialog?.result?.outcome);
		desk.close();
		return {sends, ended};
	};
	return {
		...session,
		desk,
		answer,
		undos: () =>
			paletteEntries(store.getState(), '')
				.filter(({command}) => command.startsWith('undo:'))
				.map(({name, title, refusal}) => `${name}: ${title}${refusal === undefined ? '' : ` not now (${refusal})`}`),
		undo() {
			const [way] = store.getState().undos;
			if (way) desk.startWith(way.action, way.choice, way.auditId);
		},
	};
}

const threshold = async (redis: TestRedis) => ((await redis.call('CONFIG', 'GET', 'busy-reply-threshold')) as readonly unknown[])[1];
const wasSet = /^undo script\.raise-limit: back to busy-reply-threshold 700 \(set at \d\d:\d\d:\d\dZ by tester\)$/;

it('takes a setting back after a restart of the console, once', async () => {
	const redis = await startForTest({conf: {'busy-reply-threshold': 700}});
	const auditFile = writeLog('');
	const first = await startConsole(redis, auditFile);
	first.desk.startWith('script.raise-limit', {on: [], set: {ms: '1400'}});
	expect(await first.answer()).toEqual({sends: [['CONFIG', 'SET', 'busy-reply-threshold', '1400']], ended: 'done'});
	expect(first.undos()).toEqual([expect.stringMatching(wasSet)]);
	first.close();

	const second = await startConsole(redis, auditFile);
	expect(second.undos()).toEqual([expect.stringMatching(wasSet)]);
	second.undo();
	expect(await second.answer()).toEqual({sends: [['CONFIG', 'SET', 'busy-reply-threshold', '700']], ended: 'done'});
	expect(await threshold(redis)).toBe('700');
	expect(second.undos()).toEqual([]);
	second.close();

	const third = await startConsole(redis, auditFile);
	expect(third.undos()).toEqual([]);
});

it('does not take back what somebody else has set since, and says so', async () => {
	const redis = await startForTest({conf: {'busy-reply-threshold': 700}});
	const auditFile = writeLog('');
	const first = await startConsole(redis, auditFile);
	first.desk.startWith('script.raise-limit', {on: [], set: {ms: '1400'}});
	await first.answer();
	first.close();

	await redis.call('CONFIG', 'SET', 'busy-reply-threshold', '2000');
	const second = await startConsole(redis, auditFile);
	expect(second.undos()).toEqual([expect.stringMatching(/not now \(Somebody has changed it since: it is 2000 now, not 1400\)$/)]);
	second.undo();
	await second.until('it is refused', ({ui}) => ui.notice?.text.includes('refused. Somebody has changed it since'));
	expect(await threshold(redis)).toBe('2000');
});

it('offers no way back to what somebody has put back by hand, and does not call it changed', async () => {
	const redis = await startForTest({conf: {'busy-reply-threshold': 700}});
	const auditFile = writeLog('');
	const first = await startConsole(redis, auditFile);
	first.desk.startWith('script.raise-limit', {on: [], set: {ms: '1400'}});
	await first.answer();
	expect(followUps(first.state())).toContainEqual(expect.objectContaining({kind: 'change'}));
	first.close();

	await redis.call('CONFIG', 'SET', 'busy-reply-threshold', '700');
	const second = await startConsole(redis, auditFile);
	expect(second.undos()).toEqual([]);
	expect(followUps(second.state()).filter(({kind}) => kind === 'change')).toEqual([]);
});
