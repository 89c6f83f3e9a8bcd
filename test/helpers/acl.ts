/** A password with nothing in it that could occur on a screen by chance. */
export const password = 'pa55-of-the-server';

const look = [
	...['info', 'ping', 'echo', 'time', 'role', 'dbsize', 'lastsave', 'select', 'command', 'scan', 'type', 'ttl', 'pttl', 'exists', 'pubsub'],
	...['client|id', 'client|info', 'client|list', 'client|setname', 'client|getname', 'client|no-evict'],
	...['slowlog|get', 'slowlog|len', 'latency|latest', 'latency|history', 'latency|histogram', 'latency|doctor'],
	...['memory|stats', 'memory|usage', 'memory|doctor', 'function|stats', 'function|list', 'script|exists', 'config|get', 'acl|whoami'],
	...['strlen', 'llen', 'scard', 'zcard', 'hlen', 'xlen', 'xinfo', 'object|encoding', 'object|freq', 'object|idletime'],
	...['cluster|info', 'cluster|nodes', 'cluster|slots', 'cluster|shards', 'cluster|myid'],
];

const act = [
	...['script|kill', 'function|kill', 'client|kill', 'client|pause', 'client|unpause', 'client|unblock'],
	...['config|set', 'config|rewrite', 'config|resetstat', 'slowlog|reset', 'latency|reset', 'memory|purge'],
	...['unlink', 'del', 'expire', 'bgsave', 'bgrewriteaof', 'shutdown', 'replicaof', 'failover'],
];

/** The rights an operator needs and no more (facts E): no `acl|dryrun`, so that nothing can be asked in advance. */
export const operator = {
	name: 'operator',
	password: 'pa55-of-the-operator',
	acl: `operator on >pa55-of-the-operator ~* resetchannels -@all ${[...look, ...act].map(command => `+${command}`).join(' ')}`,
} as const;

/** Looks, and changes nothing (facts E). Keys may be read as far as its commands go; `%R~` is 7.0 and newer. */
export const watcher = {
	name: 'watcher',
	password: 'pa55-of-the-watcher',
	acl: `watcher on >pa55-of-the-watcher resetkeys %R~* resetchannels -@all ${look.map(command => `+${command}`).join(' ')}`,
} as const;
