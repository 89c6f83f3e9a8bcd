import {expect, it, onTestFinished} from 'vitest';
import {fastClock} from '../../helpers/fast-clock.ts';
import {type Footprint, footprint} from '../../helpers/footprint.ts';
import {startGate, type Weather} from '../../helpers/gate.ts';
import {isWhole, openTestSession, startForTest, targetOf} from '../../helpers/server-session.ts';
import {until} from '../../helpers/until.ts';

const rounds = 200;
/** By then every buffer of the history is as long as it gets, nearly. */
const warmRounds = 60;

const weathers: readonly Weather[] = [{kind: 'stalls'}, {kind: 'resets'}, {kind: 'denies', line: 'DENIED not today'}, {kind: 'halves'}];

const mib = 1024 ** 2;

/** Sockets and timers are opened and closed at every moment: so many more at the end than in the middle are no leak of 140 rounds. */
const moment = 6;

it(`${rounds} faults and as many recoveries leave no socket, no timer and no memory behind`, {timeout: 120_000}, async () => {
	const redis = await startForTest();
	const gate = await startGate(redis.port);
	onTestFinished(gate.close);
	// So much faster: a round is some seconds of the console's time.
	const session = await openTestSession(await targetOf(['-p', String(gate.port)]), {clock: fastClock(20)});
	await session.until('everything has been read', isWhole);
	const isBack = () => isWhole(session.state()) && session.state().session.acting === 'open' && session.state().session.ownClientIds.size === 3;

	let warm: Footprint | undefined;
	for (let round = 0; round < rounds; round++) {
		if (round === warmRounds) warm = footprint();
		const weather = weathers[round % weathers.length] ?? {kind: 'stalls'};
		gate.turn(weather);
		await session.until(`it is noticed (${weather.kind})`, ({snapshot}) => snapshot.server.kind !== 'OK');
		gate.turn({kind: 'passes'});
		await until(`it is back (${weather.kind})`, isBack);
	}
	await until('the connections of before are closed', () => gate.openConnections() === 3);
	const end = footprint();
	const before = warm ?? end;
	for (const [kind, count] of Object.entries(end.handles)) expect(count - (before.handles[kind] ?? 0), kind).toBeLessThanOrEqual(moment);
	expect((end.heapBytes - before.heapBytes) / mib).toBeLessThan(4);
	expect(String(await redis.call('CLIENT', 'LIST')).match(/redis-triage:/g)).toHaveLength(3);

	session.close();
	await until('it leaves nothing open', () => gate.openConnections() === 0);
});
