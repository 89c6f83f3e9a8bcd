import {formatSeconds} from '../../text/format.ts';
import {mayRun, serverAnswers, takesWork} from '../checks.ts';
import {defineAction} from '../define-action.ts';
import {forkMemory, forkStandstill} from '../fork-cost.ts';

/** Write the append-only file anew, as short as the dataset is. */
export const aofRewrite = defineAction<null>({
	id: 'persistence.aof-rewrite',
	title: 'Rewrite the append-only file',
	danger: 'disruptive',
	pane: 'ha',
	doc: {
		sends: 'BGREWRITEAOF',
		does: 'a forked child writes the dataset to a new append-only file, which replaces the grown one',
		cost: 'the fork: the server stands still for 10 to 100 ms a GiB; then disk, and memory for pages that are written meanwhile',
		verify: 'the rewrite is under way or scheduled, or has ended well',
		undo: 'not needed: the file of before is replaced only by a whole one',
	},

	rereads: ['info'],
	target: () => null,

	facts(_target, {snapshot: {info}}) {
		const {aofLastRewriteOk, aofLastRewriteTookSeconds, aofLastWriteOk} = info.data ?? {};
		const took = aofLastRewriteTookSeconds === undefined ? '' : `, took ${formatSeconds(aofLastRewriteTookSeconds)}`;
		return [
			['last', `${wellOrNot(aofLastRewriteOk)}${took}`],
			['writes', wellOrNot(aofLastWriteOk)],
		];
	},

	checks(_target, now) {
		const {aofEnabled, aofRewriteInProgress, aofRewriteScheduled, aofRewritingForSeconds} = now.snapshot.info.data ?? {};
		return [
			serverAnswers(now),
			takesWork(now),
			{label: 'the append-only file is on', ok: aofEnabled, reason: 'The append-only file is off (appendonly no): there is nothing to rewrite'},
			{
				label: 'no rewrite is under way',
				ok: aofRewriteInProgress === undefined ? undefined : !aofRewriteInProgress,
				reason: `A rewrite is under way${aofRewritingForSeconds === undefined ? '' : `, for ${formatSeconds(aofRewritingForSeconds)}`}: wait for its end`,
			},
			{
				label: 'none is scheduled',
				ok: aofRewriteScheduled === undefined ? undefined : !aofRewriteScheduled,
				reason: 'A rewrite is scheduled: it begins when the snapshot under way is done',
			},
			mayRun(now, 'BGREWRITEAOF'),
		];
	},

	plan: () => [['BGREWRITEAOF']],
	effect: (_target, {snapshot: {info}}) => [
		'the dataset is written to a new append-only file by a child; the file of before is replaced when it is whole',
		forkMemory(info.data),
		...(info.data?.saveInProgress ? ['a snapshot is under way: it begins when that is done'] : []),
	],
	affects: () => 'everybody for the moment of the fork; the disk while it is written',
	cost: (_target, {snapshot: {info}}) => forkStandstill(info.data),
	evidence: ['info'],

	verify(_target, {replies: [reply]}, {snapshot: {info}}) {
		const {aofRewriteInProgress, aofRewriteScheduled, aofLastRewriteOk, aofLastRewriteTookSeconds} = info.data ?? {};
		if (aofRewriteInProgress === undefined) return {ok: false, detail: `the server replied ${String(reply)}; how far it is could not be read`};
		if (aofRewriteScheduled) return {ok: true, detail: 'it is scheduled, and begins when the snapshot under way is done'};
		if (aofRewriteInProgress) return {ok: true, isFinal: false, detail: 'the rewrite is under way'};
		if (aofLastRewriteOk === false)
			return {ok: false, isFinal: true, hasFailed: true, detail: 'the rewrite was begun and has failed: why, only the server’s log tells'};
		return {ok: true, detail: `the append-only file was rewritten in ${formatSeconds(aofLastRewriteTookSeconds ?? 0)}`};
	},

	undo: () => ({none: 'not needed: the file of before is replaced only by a whole one'}),
});

function wellOrNot(ok: boolean | undefined): string {
	if (ok === undefined) return 'not known';
	return ok ? 'went well' : 'has failed';
}
