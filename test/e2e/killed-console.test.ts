import {expect, it, onTestFinished} from 'vitest';
import type {AuditEntry} from '../../src/incident/audit.ts';
import {openIdleConnections} from '../helpers/idle-connections.ts';
import {startForTest} from '../helpers/server-session.ts';
import {isUp, listens, startTriage, type Triage} from '../helpers/triage.ts';
import {until} from '../helpers/until.ts';

type Line = AuditEntry & {readonly round?: number};

const victims = 3000;

/** Written so far; the last line may be half there. */
async function lines(triage: Triage): Promise<readonly Line[]> {
	return (await triage.auditLog().catch(() => [])) as readonly Line[];
}

it(`kill -9 of the console among ${victims} kills: the log has intent and rounds, the next start tells how far it was, and nothing is sent again`, async () => {
	const redis = await startForTest({conf: {maxclients: victims + 100}});
	const idle = await openIdleConnections(redis.port, victims, {name: () => 'leaky'});
	onTestFinished(() => idle.close());
	const triage = await startTriage([redis.url], {cols: 160});
	await triage.waitFor(isUp);
	await triage.press('2');
	await triage.type('/leaky\n');
	await triage.waitFor(`/leaky: ${victims.toLocaleString('en')}`);
	await triage.press('a');
	await triage.waitFor(/by name \/leaky: 1 /);
	await triage.press('g');
	await triage.waitFor(/▸.*leaky/);
	await triage.press('m');
	await triage.waitFor(`${victims.toLocaleString('en')} marked: K closes them`);
	await triage.press('K');
	await triage.waitFor(listens, 20_000);
	const pid = await triage.pid();
	await triage.press('y');

	// Stopped in the middle: the round under way is never answered.
	await until('rounds run', async () => (await lines(triage)).filter(({round}) => round !== undefined).length >= 3);
	redis.signal('SIGSTOP');
	onTestFinished(() => void redis.signal('SIGCONT'));
	// By now the pause between two rounds is over: the next one is written down, and on its way.
	await triage.waitFor(/ SILENT \d/);
	process.kill(pid, 'SIGKILL');
	expect(await triage.backAtShell()).toBe(137);
	redis.signal('SIGCONT');

	const log = await lines(triage);
	const [intent] = log;
	const rounds = log.length - 1;
	expect(new Set(log.map(({id}) => id)).size).toBe(1);
	expect(log.map(({phase}) => phase)).toEqual(Array.from({length: rounds + 1}, () => 'intent'));
	expect(intent).toMatchObject({action: 'client.kill', plan: {length: victims}});
	expect(log.slice(1).map(({round}) => round)).toEqual(Array.from({length: rounds}, (_, index) => index + 1));
	const planned = log.slice(1, -1).reduce((sum, {plan}) => sum + plan.length, 0);
	const last = log.at(-1);
	expect(last?.detail).toBe(`${planned.toLocaleString('en')} done`);

	// The server carries out what has reached it, and no more: the last round, or none of it.
	const inLast = last?.plan.length ?? 0;
	await until('the killed ones are gone', () => idle.openCount() <= victims - planned);
	const survivors = idle.openCount();

	await triage.type('program\n');
	const told = new RegExp(
		`client\\.kill by \\S+ at \\d\\d:\\d\\d:\\d\\dZ has no outcome: ${rounds} rounds are in the log, ${last?.detail} before the last of them, of which`,
	);
	await triage.waitFor(told);
	await triage.waitFor(isUp);
	await triage.press('6');
	await triage.waitFor(new RegExp(`action +client\\.kill by \\S+ at \\S+ has no outcome: ${rounds} rounds are in the log`));
	await triage.press('V');
	await triage.waitFor(/Still to do\n · client\.kill by \S+ at \S+ has no outcome/);
	expect([victims - planned, victims - planned - inLast]).toContain(idle.openCount());
	expect(idle.openCount()).toBeLessThanOrEqual(survivors);
	expect(await lines(triage)).toEqual(log);
});
