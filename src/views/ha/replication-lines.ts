import type {ServerInfo} from '../../redis/parse/server-info.ts';
import {serverClockMs} from '../../store/snapshot.ts';
import {formatBytes, formatClock, formatCount, formatPercent, formatSeconds, plural} from '../../text/format.ts';
import type {LinePart, Span} from '../kit/line.ts';
import type {HaInput} from './persistence-lines.ts';
import {fact, marks, more, type Ranked, unknown} from './ranked-lines.ts';
import {isBeyondBacklog} from './replica-words.ts';

/** Who follows whom, and how far behind. The replicas themselves are in the table. */
export function replicationLines(info: ServerInfo, input: HaInput): readonly Ranked[] {
	const own = info.role === 'replica' ? replicaLines(info, input) : masterLines(info, input);
	return [...own, ...elsewhere(input)];
}

function masterLines(info: ServerInfo, {findings, ascii}: HaInput): readonly Ranked[] {
	const {replicas, masterReplOffset} = info;
	const count = replicas === undefined ? [unknown] : replicas.length === 0 ? ['no replica'] : [plural(replicas.length, 'replica')];
	return [
		fact(0, 'this server', info.role === undefined ? unknown : {text: info.role, tone: 'strong'}, '   ', ...count),
		...marks(findings, 'ha.none', 'replication.lag'),
		fact(2, 'backlog', ...backlog(info, ascii)),
		fact(6, 'offset', masterReplOffset === undefined ? unknown : formatCount(masterReplOffset, {ascii}), {
			text: '   bytes written to replication so far',
			tone: 'dim',
		}),
	];
}

/** Does what a replica has missed still lie ready for it? */
function backlog(info: ServerInfo, ascii: boolean): readonly LinePart[] {
	const {backlog: held, replicas = []} = info;
	if (!held) return [{text: info.replicas === undefined ? 'not known' : 'none: a replica that connects is sent everything', tone: 'dim'}];
	const size = `${formatBytes(held.sizeBytes, {ascii})}, holds the last ${formatBytes(held.heldBytes, {ascii})}`;
	const beyond = replicas.filter(replica => isBeyondBacklog(replica, info));
	if (beyond.length > 0)
		return [size, {text: `   TOO SMALL for ${beyond.map(({address}) => address).join(', ')}: sent everything if its link breaks`, tone: 'warn'}];
	return [size, replicas.some(({state}) => state === 'online') && {text: '   covers every online replica', tone: 'dim'}];
}

function replicaLines(info: ServerInfo, input: HaInput): readonly Ranked[] {
	const {findings} = input;
	const {masterHost, masterPort, replicas} = info;
	const own = replicas === undefined || replicas.length === 0 ? '' : `   ${plural(replicas.length, 'replica')} of its own`;
	return [
		fact(0, 'master', masterHost === undefined ? unknown : {text: `${masterHost}:${masterPort ?? '?'}`, tone: 'strong'}, '   ', ...link(info, input)),
		...marks(findings, 'replication.link-down', 'replication.lag'),
		...sync(info, input.ascii),
		fact(
			0,
			'this server',
			{text: 'replica', tone: 'strong'},
			...(info.replicaReadOnly === undefined
				? [', writes ', unknown]
				: info.replicaReadOnly
					? [', read-only']
					: [{text: ', TAKES WRITES: they are lost at the next full synchronisation', tone: 'warn' as const}]),
			own,
		),
		...behind(info, input),
	];
}

function link(info: ServerInfo, {snapshot, nowMs, ascii}: HaInput): readonly LinePart[] {
	const {masterLinkUp, masterLinkDownSeconds: down, masterLastIoSeconds: heard} = info;
	if (masterLinkUp === undefined) return ['link ', unknown];
	if (masterLinkUp) {
		const usual: Span = {text: ' (10s is usual)', tone: 'dim'};
		return [{text: 'link up', tone: 'good'}, '  last heard ', ...(heard === undefined ? [unknown] : [`${formatSeconds(heard, {ascii})} ago`, usual])];
	}
	const word: Span = {text: 'link DOWN', tone: 'bad'};
	if (down === undefined) return [word, {text: ', since when is not known: never up since the start', tone: 'dim'}];
	const sinceMs = serverClockMs(snapshot, snapshot.info.updatedAtMs ?? nowMs) - down * 1000;
	return [word, ` for ${formatSeconds(down, {ascii})}, since ${formatClock(sinceMs, {ascii})}`];
}

function sync({masterSync}: ServerInfo, ascii: boolean): readonly Ranked[] {
	if (!masterSync) return [];
	const {readBytes, totalBytes, lastIoSeconds} = masterSync;
	const read = formatBytes(readBytes, {ascii});
	const amount =
		readBytes === undefined || !totalBytes
			? `${read} received, of how much is not known`
			: `${formatPercent(readBytes / totalBytes, {ascii})}, ${read} of ${formatBytes(totalBytes, {ascii})}`;
	const heard = lastIoSeconds === undefined ? '' : `, last piece ${formatSeconds(lastIoSeconds, {ascii})} ago`;
	return [fact(0, 'being filled', {text: amount, tone: 'strong'}, heard)];
}

/** A replica knows what it has received, never what its master has written since. */
function behind({replicaReadOffset: read, replicaOffset: done, masterLinkUp}: ServerInfo, {ascii}: HaInput): readonly Ranked[] {
	const waiting = read === undefined || done === undefined ? 0 : Math.max(0, read - done);
	const why = masterLinkUp === false ? 'not known: by all that the master has written since' : 'not known here: only its master tells';
	return [
		fact(1, 'behind', {text: why, tone: 'dim'}),
		...(waiting > 0 ? [more(1, {text: `${formatBytes(waiting, {ascii})} received and not carried out yet`, tone: 'warn'})] : []),
		...(done === undefined ? [] : [more(6, {text: `carried out up to offset ${formatCount(done, {ascii})}`, tone: 'dim'})]),
	];
}

/** What is known now of those who would act if this server were lost. */
const elsewhere = ({snapshot}: HaInput): readonly Ranked[] => (snapshot.sentinels ? [] : [fact(4, 'Sentinel', {text: 'not asked', tone: 'dim'})]);
