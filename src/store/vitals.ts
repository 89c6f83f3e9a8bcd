import type {ServerInfo} from '../redis/parse/server-info.ts';
import {isSinceStart} from './saves.ts';

/** The figures of the vitals line. Undefined: the server did not tell, or there is no second sample yet. */
export type Vitals = {
	/** Without the console's own commands. */
	readonly opsPerSecond?: number | undefined;
	/** 100 is one core. */
	readonly cpuPercent?: number | undefined;
	readonly connectedClients?: number | undefined;
	readonly maxClients?: number | undefined;
	readonly blockedClients?: number | undefined;
	readonly usedMemoryBytes?: number | undefined;
	/** 0: no limit is set. */
	readonly maxMemoryBytes?: number | undefined;
	/** 0 to 1, over the last interval; undefined when there was no lookup. */
	readonly hitRate?: number | undefined;
	/** A fifth of the lookups or more may have been the console's own. */
	readonly isHitRateOurs?: boolean;
	readonly evictedPerSecond?: number | undefined;
	readonly networkInBytesPerSecond?: number | undefined;
	readonly networkOutBytesPerSecond?: number | undefined;
	readonly replicationLagSeconds?: number | undefined;
	readonly lastSaveAtSeconds?: number | undefined;
	/** None since its start, which it tells as its last save. */
	readonly hasNotSaved?: boolean;
	readonly changesSinceSave?: number | undefined;
	readonly rejectedPerSecond?: number | undefined;
};

/** `ownCommands`: sent by this console until then. */
export type InfoSample = {readonly info: ServerInfo; readonly atMs: number; readonly ownCommands?: number};

const ownShare = 0.2;

/** Vitals from the newest INFO and, for what only grows, the one before it. A restart (counters fell) gives no rate. */
export function vitalsOf({info, atMs, ownCommands = 0}: InfoSample, before: InfoSample | undefined): Vitals {
	const ownGrowth = Math.max(0, ownCommands - (before?.ownCommands ?? ownCommands));
	const seconds = before ? (atMs - before.atMs) / 1000 : 0;
	const growth = (read: (info: ServerInfo) => number | undefined): number | undefined => {
		const [now, then] = [read(info), before && read(before.info)];
		return now === undefined || then === undefined || now < then || seconds <= 0 ? undefined : now - then;
	};
	const perSecond = (read: (info: ServerInfo) => number | undefined) => {
		const grown = growth(read);
		return grown === undefined ? undefined : grown / seconds;
	};
	const cpuSeconds = perSecond(sample => sum(sample.cpuSystemSeconds, sample.cpuUserSeconds));
	const commands = growth(sample => sample.totalCommands);
	const hits = growth(sample => sample.keyspaceHits);
	const lookups = sum(
		hits,
		growth(sample => sample.keyspaceMisses),
	);
	return {
		// At the start the server's own figure is about our questions, most of which come then.
		opsPerSecond: commands === undefined ? before && info.opsPerSecond : Math.max(0, commands - ownGrowth) / seconds,
		cpuPercent: cpuSeconds === undefined ? undefined : cpuSeconds * 100,
		connectedClients: info.connectedClients,
		maxClients: info.maxClients,
		blockedClients: info.blockedClients,
		usedMemoryBytes: info.usedMemoryBytes,
		maxMemoryBytes: info.maxMemoryBytes,
		hitRate: hits === undefined || !lookups ? undefined : hits / lookups,
		...(lookups && ownGrowth > lookups * ownShare ? {isHitRateOurs: true} : {}),
		evictedPerSecond: perSecond(sample => sample.evictedKeys),
		rejectedPerSecond: perSecond(sample => sample.rejectedConnections),
		networkInBytesPerSecond: info.networkInBytesPerSecond,
		networkOutBytesPerSecond: info.networkOutBytesPerSecond,
		replicationLagSeconds: worstLag(info),
		lastSaveAtSeconds: info.lastSaveAtSeconds,
		hasNotSaved: isSinceStart(info),
		changesSinceSave: info.changesSinceSave,
	};
}

/** On a master the slowest replica's last acknowledgement; on a replica the time since its master spoke. */
function worstLag(info: ServerInfo): number | undefined {
	if (info.role === 'replica') return info.masterLastIoSeconds;
	const lags = (info.replicas ?? []).flatMap(replica => replica.lagSeconds ?? []);
	return lags.length > 0 ? Math.max(...lags) : undefined;
}

function sum(a: number | undefined, b: number | undefined): number | undefined {
	return a === undefined || b === undefined ? undefined : a + b;
}
