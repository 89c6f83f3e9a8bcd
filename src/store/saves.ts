import type {ServerInfo} from '../redis/parse/server-info.ts';

/** A server that has never saved tells its start as its last save (7.0 initServerConfig): so near to it the two cannot be told apart. */
export function isSinceStart({lastSaveAtSeconds: saved, clockMs, uptimeSeconds}: ServerInfo): boolean {
	if (saved === undefined || clockMs === undefined || uptimeSeconds === undefined) return false;
	return Math.abs(clockMs / 1000 - uptimeSeconds - saved) <= 2;
}
