import type {ServerInfo} from '../../redis/parse/server-info.ts';
import type {Snapshot} from '../../store/snapshot.ts';
import {formatBytes, formatClock, formatCount, formatSeconds, plural} from '../../text/format.ts';
import {type Line, line, type Span, type Tone} from '../kit/line.ts';

type Input = {readonly snapshot: Snapshot; readonly nowMs: number; readonly ascii: boolean};

const label = (text: string): Span => ({text: ` ${text.padEnd(13)}`, tone: 'dim'});
const unknown: Span = {text: 'not known', tone: 'dim'};

/** Persistence and replication, plain: what the server says, and what nobody knows. */
export function haLines(input: Input): readonly Line[] {
	const info = input.snapshot.info.data;
	if (!info) return [];
	return [heading('Persistence'), ...persistenceLines(info, input), [], heading('Replication'), ...replicationLines(info, input)];
}

const heading = (text: string): Line => line(' ', {text, tone: 'accent'});

function persistenceLines(info: ServerInfo, {nowMs, ascii, snapshot}: Input): readonly Line[] {
	const saved = info.lastSaveAtSeconds;
	const changes = info.changesSinceSave;
	const points = snapshot.settings.data?.get('save');
	return [
		line(
			label('last save'),
			saved === undefined ? unknown : `${formatClock(saved * 1000, {ascii})}, ${formatSeconds(Math.max(0, nowMs / 1000 - saved), {ascii})} ago`,
			'   ',
			verdict(info.lastSaveOk, 'ok', 'FAILED'),
		),
		line(label('changes since'), changes === undefined ? unknown : `${formatCount(changes, {ascii})}: lost if the server ends now without saving`),
		line(label('save points'), points === undefined ? unknown : points === '' ? {text: 'none: no snapshot is taken by itself', tone: 'warn'} : points),
		line(label('saving now'), info.saveInProgress === undefined ? unknown : info.saveInProgress ? 'yes' : 'no'),
		line(
			label('AOF'),
			aofWords(info),
			'   ',
			info.aofEnabled === true &&
				line(
					verdict(info.aofLastWriteOk, 'last write ok', 'LAST WRITE FAILED'),
					'  ',
					verdict(info.aofLastRewriteOk, 'last rewrite ok', 'LAST REWRITE FAILED'),
				),
		),
		line(
			label('last fork'),
			info.latestForkMicros === undefined ? unknown : `${formatCount(info.latestForkMicros / 1000, {ascii})} ms: so long the server stood still for it`,
		),
	];
}

function aofWords({aofEnabled}: ServerInfo): Span {
	if (aofEnabled === undefined) return unknown;
	return aofEnabled ? {text: 'on'} : {text: 'off', tone: 'dim'};
}

function verdict(isOk: boolean | undefined, good: string, bad: string): Span {
	if (isOk === undefined) return unknown;
	return isOk ? {text: good, tone: 'good'} : {text: bad, tone: 'bad'};
}

function replicationLines(info: ServerInfo, {ascii}: Input): readonly Line[] {
	if (info.role === 'replica') return replicaLines(info, ascii);
	const replicas = info.replicas ?? [];
	const root = line(
		label('this server'),
		{text: 'master', tone: 'strong'},
		`  ${replicas.length === 0 ? 'no replica: if it is lost, nobody takes over' : plural(replicas.length, 'replica')}`,
	);
	return [root, ...replicas.map((replica, index) => replicaBranch(replica, info.masterReplOffset, index === replicas.length - 1, ascii))];
}

type Replica = NonNullable<ServerInfo['replicas']>[number];

function replicaBranch({address, state, offset, lagSeconds}: Replica, masterOffset: number | undefined, isLast: boolean, ascii: boolean): Line {
	const behind = offset === undefined || masterOffset === undefined ? undefined : Math.max(0, masterOffset - offset);
	return line(
		{text: `   ${branch(isLast, ascii)} `, tone: 'dim'},
		address,
		'  ',
		{text: state ?? '?', tone: state === 'online' ? 'good' : 'warn'},
		'  behind ',
		{text: behind === undefined ? 'not known' : formatBytes(behind, {ascii}), tone: (behind ?? 0) > 1024 * 1024 ? 'warn' : 'plain'},
		'  last heard ',
		{text: lagSeconds === undefined ? 'not known' : `${formatSeconds(lagSeconds, {ascii})} ago`, tone: lagTone(lagSeconds)},
	);
}

const branch = (isLast: boolean, ascii: boolean): string => (ascii ? (isLast ? '`-' : '|-') : isLast ? '└─' : '├─');

const lagTone = (seconds: number | undefined): Tone => (seconds !== undefined && seconds > 1 ? 'warn' : 'plain');

function replicaLines(info: ServerInfo, ascii: boolean): readonly Line[] {
	const master = info.masterHost === undefined ? unknown : {text: `${info.masterHost}:${info.masterPort ?? '?'}`, tone: 'strong' as const};
	return [
		line(label('master'), master),
		line(
			{text: `   ${branch(true, ascii)} `, tone: 'dim'},
			'this server  ',
			{text: 'replica', tone: 'strong'},
			'  link ',
			verdict(info.masterLinkUp, 'up', 'DOWN'),
			'  last heard ',
			info.masterLastIoSeconds === undefined ? unknown : `${formatSeconds(info.masterLastIoSeconds, {ascii})} ago`,
		),
		line(
			label('writes'),
			info.replicaReadOnly === false
				? {text: 'taken here (replica-read-only no): they are lost at the next synchronisation', tone: 'warn'}
				: 'refused here: read-only',
		),
	];
}
