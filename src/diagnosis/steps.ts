const whoWrites = 'Survey the keys (pane 3, v): which prefix takes the most, which keys have no time to live';
const machineMemory = 'On its machine: free -h. Is there room for a higher maxmemory?';
const whySaveFails = [
	'The end of its log has the reason: journalctl -u redis, or the file that CONFIG GET logfile names',
	'On its machine: df -h and the owner of the folder that CONFIG GET dir names; free -h, as a fork needs memory',
];

/** What helps and is nobody's command here: on the machine, in the application. By finding; a rule that knows more says it itself. */
export const stepsByHand: Readonly<Record<string, readonly string[]>> = {
	'server.oom': ['Stop what writes most, at its source: a producer that runs wild, an import, a cache that never expires', whoWrites, machineMemory],
	'memory.high': [whoWrites, machineMemory],
	'memory.growing': [whoWrites, 'Ask what was deployed or started when it began to grow'],
	'memory.evicting': [whoWrites, machineMemory],
	'memory.fragmented': ['If MEMORY PURGE gives nothing back: a restart does, best of a replica that then takes over'],
	'memory.no-limit': ['Set maxmemory in redis.conf too, or it is gone with the next restart; in a container below the limit of the container'],
	'persistence.misconf': whySaveFails,
	'persistence.bgsave-failed': whySaveFails,
	'persistence.stale': whySaveFails,
	'replication.lag': [
		'On the replica’s machine: does it run, is it overloaded? Its own console: redis-triage with its address',
		'Between the two: ping -i 0.2, and the network’s own monitoring',
	],
	'replication.link-down': [
		'Does the master run? Its own console: redis-triage with its address',
		'This server’s log says why the link is refused (masterauth, network)',
	],
	'replication.too-few': [
		'Do the replicas run, and reach this master? Their own consoles: redis-triage with their addresses',
		'If writes matter more than copies: CONFIG SET min-replicas-to-write 0, and back when a replica is in sync',
	],
	'cluster.down': [
		'CLUSTER NODES on any node: which master has the flag fail, which slots belong to nobody?',
		'Bring that node back, or CLUSTER FAILOVER TAKEOVER on a replica of it; slots of nobody: redis-cli --cluster fix',
		'If the rest is to serve meanwhile: CONFIG SET cluster-require-full-coverage no, on every node',
	],
	'ha.none': ['Start a replica on another machine: replicaof with this address in its redis.conf'],
	'clients.leak': ['Restart or roll back the program named above: closed connections come back as long as it runs'],
	'clients.blocked': ['Pane 2, filter by the command named above: who waits, and for which other client?'],
	'clients.output-buffer': ['See what that client does: it is stopped, reads slowly, or asks for far too much (MONITOR, KEYS, a large range)'],
	'ops.drop': [
		'Is less asked, or less answered? Look at the application’s own figures and at what was deployed',
		'From its machine: can it reach this server at all?',
	],
	'latency.high': ['ping the machine: is it the network? top there: is the processor shared with others?', 'Pane 1: slow commands make everybody wait'],
	'slowlog.burst': ['Pane 1, a: the slow commands grouped by shape, the worst first; then who sends them'],
	'script.slow': ['Pane 1, Enter on the script: its arguments and its caller'],
	'access.limited': ['Ask for the rights that are named above, or for a user that has them'],
	'observer.cost': ['Poll less often: +'],
};

/** HOST and PORT of a step as those of this server; of a socket they stay words. An IPv6 address has brackets only before a port. */
export function atTarget(step: string, address: string): string {
	const [, host = 'HOST', port = 'PORT'] = /^(.*):(\d+)$/.exec(address) ?? [];
	return step
		.replaceAll('HOST:', `${host}:`)
		.replaceAll('HOST', host.replace(/^\[(.*)\]$/, '$1'))
		.replaceAll('PORT', port);
}
