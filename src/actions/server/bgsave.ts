import type {ServerInfo} from '../../redis/parse/server-info.ts';
import {isSinceStart} from '../../store/saves.ts';
import type {ConsoleState} from '../../store/store.ts';
import {formatClock, formatCount, formatSeconds, plural} from '../../text/format.ts';
import {mayRun, serverAnswers, takesWork} from '../checks.ts';
import {defineAction} from '../define-action.ts';
import {forkMemory, forkStandstill} from '../fork-cost.ts';

/** Take a snapshot now. */
export const bgsave = defineAction<null>({
	id: 'persistence.bgsave',
	title: 'Take a snapshot now',
	danger: 'disruptive',
	pane: 'ha',
	doc: {
		sends: 'BGSAVE',
		does: 'a forked child writes the whole dataset to the snapshot file',
		cost: 'the fork: the server stands still for 10 to 100 ms a GiB; then disk, and memory for pages that are written meanwhile',
		verify: 'the snapshot is under way, or has ended well',
		undo: 'not needed: the file of before is replaced only by a whole one',
	},

	rereads: ['info'],
	target: () => null,

	facts(_target, {snapshot: {info}}) {
		const data = info.data;
		const keys = data?.keyspace?.reduce((sum, {keys: count}) => sum + count, 0);
		return [
			['last', lastSave(data)],
			['to write', keys === undefined ? 'not known' : plural(keys, 'key')],
		];
	},

	checks(_target, now) {
		const {saveInProgress, savingForSeconds, aofRewriteInProgress} = now.snapshot.info.data ?? {};
		return [
			serverAnswers(now),
			takesWork(now),
			{
				label: 'no snapshot is under way',
				ok: saveInProgress === undefined ? undefined : !saveInProgress,
				reason: `A snapshot is under way${savingForSeconds === undefined ? '' : `, for ${formatSeconds(savingForSeconds)}`}: wait for its end`,
			},
			{
				label: 'no rewrite is under way',
				ok: aofRewriteInProgress === undefined ? undefined : !aofRewriteInProgress,
				reason: 'The append-only file is being rewritten: a snapshot has to wait for its end',
			},
			mayRun(now, 'BGSAVE'),
		];
	},

	plan: () => [['BGSAVE']],
	effect: (_target, {snapshot: {info, server}}) => [
		'the dataset of now is written to disk by a child; the file of before is replaced when it is whole',
		forkMemory(info.data),
		...(server.kind === 'MISCONF' || info.data?.lastSaveOk === false
			? ['if it succeeds, writes that are refused with MISCONF are taken again; if the disk is still bad, it fails like the last one']
			: []),
	],
	affects: () => 'everybody for the moment of the fork; the disk while it is written',
	cost: (_target, {snapshot: {info}}) => forkStandstill(info.data),
	evidence: ['info'],

	verify(_target, {replies: [reply]}, after) {
		const {saveInProgress, lastSaveOk, lastSaveAtSeconds, lastSaveTookSeconds} = after.snapshot.info.data ?? {};
		if (saveInProgress === undefined) return {ok: false, detail: `the server replied ${String(reply)}; how far it is could not be read`};
		if (saveInProgress) return {ok: true, isFinal: false, detail: `the snapshot is under way${progressOf(after)}`};
		if (lastSaveOk === false)
			return {ok: false, isFinal: true, hasFailed: true, detail: 'the snapshot was begun and has failed: why, only the server’s log tells'};
		return {
			ok: true,
			detail: `a snapshot was written at ${formatClock(lastSaveAtSeconds === undefined ? undefined : lastSaveAtSeconds * 1000)}, in ${formatSeconds(lastSaveTookSeconds ?? 0)}`,
		};
	},

	undo: () => ({none: 'not needed: the file of before is replaced only by a whole one'}),
});

function lastSave(info: ServerInfo | undefined): string {
	const {lastSaveAtSeconds, lastSaveOk, changesSinceSave} = info ?? {};
	if (!info || lastSaveAtSeconds === undefined) return 'not known';
	const when = isSinceStart(info) ? 'none since the start' : formatClock(lastSaveAtSeconds * 1000);
	return `${when}${lastSaveOk === false ? ', and the last attempt has failed' : ''}, ${formatCount(changesSinceSave)} changes since`;
}

function progressOf({snapshot: {info}}: ConsoleState): string {
	const {savedKeys, keysToSave} = info.data ?? {};
	return savedKeys === undefined || !keysToSave ? '' : `: ${formatCount(savedKeys)} of ${plural(keysToSave, 'key')}`;
}
