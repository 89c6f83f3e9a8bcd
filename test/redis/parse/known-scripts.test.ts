import {expect, it} from 'vitest';
import {knownScriptShas, shaPrefixLength} from '../../../src/redis/parse/known-script-shas.ts';
import {knownScriptName} from '../../../src/redis/parse/known-scripts.ts';

// As SLOWLOG GET of Redis 7.0.15 had them after real workers of bullmq 6.7.0, bullmq 5.81.5 and bull 4.16.5 had processed jobs.
it.each([
	['d96ca626f1ea141b44a856b312fc636d99aa9ea9', 'BullMQ moveToActive'],
	['69666e69dd5621df59067a03de685e55a486560d', 'BullMQ moveToFinished'],
	['1e9bb7deb6219644a634d32c430ce15ed39a377e', 'BullMQ moveStalledJobsToWait'],
	['5ab432e88830d573e2fa33392ffbd4ad25a9b100', 'BullMQ addStandardJob'],
	['83e68e2628933191fc09966810bd07490bf44ab4', 'BullMQ releaseParentIfNoPendingDependencies'],
	['6c4c6de2bece2ad87657691d945d902df2198f5e', 'BullMQ moveToActive'],
	['11d69c87800ed307165e6eeba9c2e94d9fb95fcd', 'BullMQ moveToFinished'],
	['808626431266f2e834f108cac6b35ce556927132', 'BullMQ addStandardJob'],
	['c35baf769e5dc3d9194b2bceca04ab59f7c510f7', 'BullMQ extendLocks'],
	['5bf9083c794d9aca062606b3c5431e4050262cf1', 'Bull moveToActive'],
	['b621e0d9acfa2bcf07dc672825a8c669a44d3bae', 'Bull moveToFinished'],
	['f7a4e2e3f5835e307a3b720b30234203c9ed8d84', 'Bull updateDelaySet'],
	['274fb8234958f535e1d0eb8b84a954d4be9d46ad', 'Bull removeJobs'],
])('knows %s as %s', (sha, name) => {
	expect(knownScriptName(sha)).toBe(name);
});

it('names both libraries where they send the same text', () => {
	expect(knownScriptName('eecb06ad6c96fa5da4fa8bca0ea7a1bf1bf62f18')).toBe('BullMQ/Bull addLog');
	expect(knownScriptName('12a42ffd90c486a7f398fbb17cdcdd484f4abaea')).toBe('BullMQ/Bull updateData');
});

it('takes either case, as EVALSHA does', () => {
	expect(knownScriptName('D96CA626F1EA141B44A856B312FC636D99AA9EA9')).toBe('BullMQ moveToActive');
});

it.each([
	['a script of someone else', 'e0e1f9fabfc9d4800c877a703b823ac0578ff8db'],
	['a cut SHA-1', 'd96ca626f1ea141b'],
	['a longer text', 'd96ca626f1ea141b44a856b312fc636d99aa9ea9 0'],
	['nothing', ''],
	['a name that every object has', 'constructor'],
])('knows no name for %s', (_what, sha) => {
	expect(knownScriptName(sha)).toBeUndefined();
});

it('holds every prefix once and whole', () => {
	const prefixes = Object.values(knownScriptShas).flatMap(scripts => Object.values(scripts).flatMap(list => list.trim().split(/\s+/)));
	expect(prefixes.filter(prefix => !/^[0-9a-f]+$/.test(prefix) || prefix.length !== shaPrefixLength)).toEqual([]);
	expect(new Set(prefixes).size).toBe(prefixes.length);
});
