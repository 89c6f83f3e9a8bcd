import type {ServerInfo} from '../../redis/parse/server-info.ts';
import {isSinceStart} from '../../store/saves.ts';
import type {ConsoleState} from '../../store/store.ts';
import {formatClock, plural} from '../../text/format.ts';
import {forkMemory, forkStandstill} from '../fork-cost.ts';
import {type Change, type Setting, settingAction} from './setting-action.ts';
import {otherOf, savePoints, yesNo} from './setting-values.ts';

/** What the server begins with when nobody says otherwise. */
const usualPoints = '3600 1 300 100 60 10000';

const infoOf = ({snapshot}: ConsoleState): ServerInfo | undefined => snapshot.info.data;

function since(info: ServerInfo | undefined): string {
	const {changesSinceSave, lastSaveAtSeconds} = info ?? {};
	if (!info || changesSinceSave === undefined || lastSaveAtSeconds === undefined) return 'what has been written since the last snapshot';
	if (isSinceStart(info)) return `what has been written since its start (no snapshot since then, ${plural(changesSinceSave, 'change')})`;
	return `what has been written since the last snapshot (${formatClock(lastSaveAtSeconds * 1000)}, ${plural(changesSinceSave, 'change')})`;
}

/** `1 change in 900 s, 10 changes in 300 s` */
function pointsInWords(points: string): string {
	const words = points.split(' ').map(Number);
	const pairs = words.flatMap((seconds, index) => (index % 2 === 0 ? [`${plural(words[index + 1] ?? 0, 'change')} in ${seconds} s`] : []));
	return pairs.join(', or ');
}

function saveEffect({to}: Change, state: ConsoleState): readonly string[] {
	const info = infoOf(state);
	if (to !== '')
		return [
			`a snapshot is taken by itself after ${pointsInWords(to)}`,
			...(info?.changesSinceSave ? [`${plural(info.changesSinceSave, 'change')} since the last one: the next may begin at once`] : []),
		];
	return [
		'no snapshot is taken by itself any more; BGSAVE by hand still works',
		...(info?.lastSaveOk === false ? ['writes are taken again although the last snapshot has failed: without save points a failure does not stop them'] : []),
		...(info?.aofEnabled ? [] : [`there is no append-only file either: a crash loses ${since(info)}`]),
	];
}

const save: Setting = {
	name: 'save',
	title: 'Change when snapshots are taken',
	pane: 'ha',
	hint: 'seconds and changes in pairs, as in 900 1 300 10; empty: none',
	does: 'snapshots are taken by themselves after so many changes in so many seconds, or not at all',
	docCost: 'none itself; each snapshot forks the server',
	// What is there stands in the field: to take all save points away is to be typed, not to be passed over with Enter.
	initial: now => (now === '' ? usualPoints : now),
	parse: savePoints,
	shown: value => (value === '' ? '"" (none by themselves)' : value),
	effect: saveEffect,
	affects: ({to}) => (to === '' ? 'nobody now; everybody after a crash' : 'everybody for a moment, at every fork'),
	cost: ({to}, state) => (to === '' ? 'none' : `none itself; at each snapshot ${forkStandstill(infoOf(state))}`),
};

function appendonlyEffect({to}: Change, state: ConsoleState): readonly string[] {
	const info = infoOf(state);
	if (to === 'yes')
		return [
			'the whole dataset is written to a new append-only file by a forked child; from now on every write goes to it as well',
			forkMemory(info),
			'where the config file says appendonly no, a restart reads the snapshot and not this file',
		];
	return [
		`writes are no longer kept: a crash loses ${since(info)}`,
		...(state.snapshot.server.kind === 'MISCONF' || info?.aofLastWriteOk === false
			? ['writes that were refused for the file’s sake are taken again at once']
			: []),
		...(info?.aofRewriteInProgress ? ['the rewrite under way is ended'] : []),
		'where the config file says appendonly yes, a restart reads the old file: all that is written from now on is lost then',
	];
}

const appendonly: Setting = {
	name: 'appendonly',
	title: 'Switch the append-only file on or off',
	pane: 'ha',
	hint: 'yes or no',
	does: 'on: the dataset is rewritten to a new file by a forked child, and every write is kept; off: writes are kept by snapshots only',
	docCost: 'on: a fork, and the whole dataset written to disk',
	initial: otherOf,
	parse: yesNo('appendonly'),
	effect: appendonlyEffect,
	affects: ({to}) => (to === 'yes' ? 'everybody for the moment of the fork; the disk' : 'nobody now; everybody after a crash'),
	cost: ({to}, state) => (to === 'yes' ? forkStandstill(infoOf(state)) : 'one fsync of what is left to be written'),
	whenRefused: () => ['Look at the server’s log: a full disk, rights, a folder that is gone, too little memory to fork'],
};

/** Without save points a failed snapshot stops nobody (measured on 7.0). */
const hasPoints = ({snapshot}: ConsoleState): boolean => snapshot.settings.data?.get('save') !== '';

function goOnEffect(state: ConsoleState): readonly string[] {
	const info = infoOf(state);
	const hasFailed = info?.lastSaveOk === false && hasPoints(state);
	return [
		hasFailed ? 'writes are taken again at once, although the last snapshot has failed' : 'writes will be taken although a snapshot has failed',
		...(info?.aofEnabled ? [] : [`until one succeeds a crash loses ${since(info)}, and nothing but the log tells`]),
	];
}

function stopEffect(state: ConsoleState): readonly string[] {
	if (!hasPoints(state)) return ['without save points nothing is refused; with them every write, and PING, is, when a snapshot has failed'];
	return infoOf(state)?.lastSaveOk === false
		? ['the last snapshot has failed: every write, and PING, is refused with MISCONF at once']
		: ['when a snapshot fails, every write, and PING, is refused with MISCONF'];
}

const stopWrites: Setting = {
	name: 'stop-writes-on-bgsave-error',
	title: 'Take or refuse writes while snapshots fail',
	pane: 'ha',
	hint: 'yes or no',
	does: 'no: writes are taken although the last snapshot has failed; yes: they are refused with MISCONF until one succeeds',
	initial: otherOf,
	parse: yesNo('stop-writes-on-bgsave-error'),
	effect: ({to}, state) => (to === 'no' ? goOnEffect(state) : stopEffect(state)),
	affects: () => 'every client that writes; health checks that PING',
};

export const persistenceSettings = [save, appendonly, stopWrites].map(settingAction);
