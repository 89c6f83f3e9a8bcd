import {expect, it, onTestFinished} from 'vitest';
import {listenToSentinels} from '../helpers/sentinel-witness.ts';
import {type Group, masterName, sentinelArgv, startSentinels} from '../helpers/sentinels.ts';
import {endlessEval, longWriter, startEndless} from '../helpers/stuck-script.ts';
import {isUp, startTriage, type Triage} from '../helpers/triage.ts';
import {until} from '../helpers/until.ts';

const downAfterMs = 4000;

/** The screen, again and again until `ends`, each with the two moments between which it was taken. */
async function film(triage: Triage, ends: (screen: string) => boolean) {
	const frames: {readonly fromMs: number; readonly toMs: number; readonly screen: string}[] = [];
	await until(
		'the film ends',
		async () => {
			const fromMs = Date.now();
			const screen = await triage.screen();
			frames.push({fromMs, toMs: Date.now(), screen});
			return ends(screen);
		},
		15_000,
	);
	return frames;
}

async function openOn(group: Group, quorum: number): Promise<Triage> {
	const triage = await startTriage(sentinelArgv(group.nodes));
	await triage.waitFor(isUp, 30_000);
	await triage.press('5');
	await triage.waitFor(`3 of 3 answer, quorum ${quorum} can be reached`);
	await triage.press('1');
	return triage;
}

/**
 * `hasty`: so many Sentinels act at this down-after, and as many are the quorum. Where all three begin at once it may be that none is elected, and
 * the next try is 20 s later.
 */
const start = async (hasty: number) => {
	const group = await startSentinels({downAfterMs, server: {conf: {'busy-reply-threshold': 500}}});
	onTestFinished(group.stop);
	for (const [index, {call}] of group.group.entries()) {
		await call('SENTINEL', 'SET', masterName, 'quorum', String(hasty), 'down-after-milliseconds', String(index < hasty ? downAfterMs : 60_000));
	}
	return {group, triage: await openOn(group, hasty), witness: await listenToSentinels(group)};
};

/** Facts A6: the master is blocked, Sentinel acts, and the console tells when, what is lost by it, and where the master has gone. */
async function throughFailover(group: Group, triage: Triage, witness: Awaited<ReturnType<typeof listenToSentinels>>) {
	const here = `127.0.0.1:${group.master.port}`;
	const there = `127.0.0.1:${group.replica?.port}`;
	const frames = await film(triage, screen => screen.includes('FAILOVER UNDER WAY') || screen.includes(`now looking at ${there}`));
	const sdown = await witness.first('+sdown');
	expect(sdown.message).toBe(`master shop 127.0.0.1 ${group.master.port}`);

	const offByMs = frames.flatMap(({fromMs, toMs, screen}) => {
		const [, left] = /\+sdown in (\d+\.\d)s, then failover/.exec(screen) ?? [];
		return left === undefined ? [] : [Math.max(0, fromMs + Number(left) * 1000 - sdown.atMs, sdown.atMs - toMs - Number(left) * 1000)];
	});
	expect(offByMs.length).toBeGreaterThan(5);
	const sorted = offByMs.toSorted((a, b) => a - b);
	process.stdout.write(`countdown off by at most ${sorted.at(-1)} ms in ${sorted.length} frames\n`);
	// A frame that a busy machine has drawn late is no wrong estimate: not every one counts.
	expect(sorted[Math.floor(sorted.length * 0.75)], offByMs.join(' ')).toBeLessThan(500);
	const warned = frames.find(({screen}) => screen.includes('if it has written, its writes will be LOST'));
	expect(sdown.atMs - (warned?.toMs ?? Number.POSITIVE_INFINITY)).toBeGreaterThan(2000);
	expect(frames.some(({screen}) => /Sentinel fails over in \ds/.test(screen))).toBe(true);

	const isThere = (shown: string) => shown.split('\n')[0]?.includes(` ${there} `) === true && / OK +GUARDED/.test(shown);
	await triage.waitFor(isThere, 15_000);
	await triage.press('6');
	const told = await triage.waitFor(shown => shown.includes('newest first') && shown.includes(`Sentinel moved the master from ${here} to ${there}: now`));
	for (const event of ['+sdown: Sentinel', '+odown: enough Sentinels', '+selected-slave:', '+switch-master:']) expect(told).toContain(event);
	// Another server is not the same one started anew.
	expect(told).not.toContain('restarted');
	return {here, there};
}

it('a script that has written: the loss is told before the failover, the console follows it, and the old master comes back as a replica', async () => {
	const {group, triage, witness} = await start(1);
	const argv = await longWriter(group.master, downAfterMs + 5000);
	const {ended} = await startEndless(group.master, argv);
	const {here} = await throughFailover(group, triage, witness);
	await triage.waitFor(`If the script on ${here} has written, that is lost`);
	expect(await group.replica?.call('GET', 'written')).toBeNull();
	expect(await ended).toBe('it ended by itself: finished');
	await triage.waitFor(`+convert-to-slave: ${here} is made a replica: what only it had is gone`, 30_000);
	await triage.press('5');
	await triage.waitFor(screen => new RegExp(`REPLICA[^]*${here} +online`).test(screen), 30_000);
}, 90_000);

it('a script that only reads: Sentinel kills it, and fails over all the same', async () => {
	// The first Sentinel's kill must not be there before the quorum is.
	const {group, triage, witness} = await start(1);
	const {ended} = await startEndless(group.master, endlessEval);
	await throughFailover(group, triage, witness);
	expect(await ended).toMatch(/^ERR Error running script|^ERR Script killed by user with SCRIPT KILL/);
}, 60_000);
