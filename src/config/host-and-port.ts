import {parseHost, parsePort, type TcpEndpoint} from '../redis/target.ts';

const sentinelPort = 26_379;

/** `host`, `host:port` or `[::1]:port`; without a port a Sentinel's. */
export function parseHostAndPort(typed: string): TcpEndpoint | undefined {
	const [, bracketed, hostPart = bracketed ?? '', portPart] = /^(?:\[([^\]]+)\]|([^:]+))(?::(\d+))?$/.exec(typed) ?? [];
	const parsedHost = parseHost(hostPart);
	const port = portPart === undefined ? sentinelPort : parsePort(portPart);
	return parsedHost === undefined || port === undefined ? undefined : {kind: 'tcp', host: parsedHost, port};
}
