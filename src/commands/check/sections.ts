import type {Snapshot} from '../../store/snapshot.ts';

/** Not told, or not known. */
type Figure = number | null;

export type Server = {readonly product: string | null; readonly version: string | null; readonly role: string | null; readonly uptimeSeconds: Figure};

export const serverOf = ({identity: {product, version, role}, info}: Snapshot): Server => ({
	product: product ?? null,
	version: version ?? null,
	role: role ?? null,
	uptimeSeconds: info.data?.uptimeSeconds ?? null,
});

export type Vitals = {
	readonly opsPerSecond: Figure;
	/** 100 is one core. */
	readonly cpuPercent: Figure;
	readonly connectedClients: Figure;
	readonly maxClients: Figure;
	readonly blockedClients: Figure;
	readonly usedMemoryBytes: Figure;
	/** 0: no limit. */
	readonly maxMemoryBytes: Figure;
	/** 0 to 1. */
	readonly hitRate: Figure;
	readonly evictedPerSecond: Figure;
	readonly networkInBytesPerSecond: Figure;
	readonly networkOutBytesPerSecond: Figure;
};

export function vitalsOf({vitals, info}: Snapshot): Vitals {
	return {
		// Of one look there is but the server's own figure.
		opsPerSecond: rounded(vitals.opsPerSecond ?? info.data?.opsPerSecond),
		cpuPercent: rounded(vitals.cpuPercent),
		connectedClients: vitals.connectedClients ?? null,
		maxClients: vitals.maxClients ?? null,
		blockedClients: vitals.blockedClients ?? null,
		usedMemoryBytes: vitals.usedMemoryBytes ?? null,
		maxMemoryBytes: vitals.maxMemoryBytes ?? null,
		hitRate: rounded(vitals.hitRate),
		evictedPerSecond: rounded(vitals.evictedPerSecond),
		networkInBytesPerSecond: vitals.networkInBytesPerSecond ?? null,
		networkOutBytesPerSecond: vitals.networkOutBytesPerSecond ?? null,
	};
}

/** More digits than two would claim what a second of counting cannot tell. */
function rounded(value: number | undefined): Figure {
	return value === undefined ? null : Math.round(value * 100) / 100;
}

export type Memory = {
	readonly usedBytes: Figure;
	readonly peakBytes: Figure;
	readonly rssBytes: Figure;
	/** 0: no limit. */
	readonly maxBytes: Figure;
	readonly policy: string | null;
	/** Resident of used memory; on a small server it says nothing. */
	readonly fragmentationRatio: Figure;
	readonly datasetBytes: Figure;
	readonly overheadBytes: Figure;
	/** Since the start of the server, or CONFIG RESETSTAT. */
	readonly evictedKeys: Figure;
	readonly expiredKeys: Figure;
	/** Of all databases. */
	readonly keys: Figure;
	readonly keysWithoutTtl: Figure;
};

export function memoryOf({info: {data}, memoryStats}: Snapshot): Memory {
	const databases = data?.keyspace;
	const total = (count: (database: {readonly keys: number; readonly expires: number}) => number) =>
		databases?.reduce((sum, database) => sum + count(database), 0) ?? null;
	return {
		usedBytes: data?.usedMemoryBytes ?? null,
		peakBytes: data?.usedMemoryPeakBytes ?? null,
		rssBytes: data?.usedMemoryRssBytes ?? null,
		maxBytes: data?.maxMemoryBytes ?? null,
		policy: data?.maxMemoryPolicy ?? null,
		fragmentationRatio: data?.fragmentationRatio ?? null,
		datasetBytes: memoryStats?.datasetBytes ?? null,
		overheadBytes: memoryStats?.overheadBytes ?? null,
		evictedKeys: data?.evictedKeys ?? null,
		expiredKeys: data?.expiredKeys ?? null,
		keys: total(({keys}) => keys),
		keysWithoutTtl: total(({keys, expires}) => keys - expires),
	};
}

export type Persistence = {
	/** A server that has never saved tells its start. */
	readonly lastSaveAt: string | null;
	readonly lastSaveOk: boolean | null;
	readonly changesSinceSave: Figure;
	readonly aofEnabled: boolean | null;
	/** The last write to it, and the last rewrite of it. */
	readonly aofOk: boolean | null;
};

export function persistenceOf({info: {data}}: Snapshot): Persistence {
	const savedAtSeconds = data?.lastSaveAtSeconds;
	return {
		lastSaveAt: savedAtSeconds === undefined ? null : isoSeconds(savedAtSeconds),
		lastSaveOk: data?.lastSaveOk ?? null,
		changesSinceSave: data?.changesSinceSave ?? null,
		aofEnabled: data?.aofEnabled ?? null,
		aofOk: data?.aofLastWriteOk === undefined ? null : data.aofLastWriteOk && data.aofLastRewriteOk !== false,
	};
}

function isoSeconds(seconds: number): string | null {
	const date = new Date(seconds * 1000);
	return Number.isNaN(date.getTime()) ? null : date.toISOString();
}

export type Replication = {
	readonly role: string | null;
	readonly connectedReplicas: Figure;
	/** On a master of its slowest replica, on a replica of its master. */
	readonly lagSeconds: Figure;
	/** A replica's link to its master. */
	readonly linkUp: boolean | null;
};

export function replicationOf({identity, info: {data}, vitals}: Snapshot): Replication {
	return {
		role: identity.role ?? null,
		connectedReplicas: data?.connectedReplicas ?? null,
		lagSeconds: vitals.replicationLagSeconds ?? null,
		linkUp: data?.masterLinkUp ?? null,
	};
}
