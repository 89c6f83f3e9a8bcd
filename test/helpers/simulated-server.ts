import {chances} from './chances.ts';

/**
 * Replies of a busy server, made up: for benchmarks that need a day of them. A third of its clients run something between two looks, its counters
 * grow with the hour of the day, a slow command comes now and then.
 */
export class SimulatedServer {
	readonly #random: () => number;
	readonly #clients: Client[];
	readonly #telling: Telling;
	readonly #slow: unknown[][] = [];
	readonly #commands = commandNames.map(name => ({name, calls: 1_000_000, micros: 5_000_000}));
	#second = 0;
	#nextClientId: number;
	#counters = {commands: 4e9, hits: 3e9, misses: 2e8, cpuSystem: 40_000, cpuUser: 90_000, expired: 1e7, connections: 500_000, changes: 0};
	#memory = 6e9;

	/** `telling`: how much CLIENT LIST says; `all`: as the newest servers do, with traffic and commands of each. */
	constructor(clients: number, seed: number, telling: Telling) {
		this.#random = chances(seed);
		this.#telling = telling;
		this.#clients = Array.from({length: clients}, (_, index) => this.#newClient(1000 + index * 3));
		this.#nextClientId = 1000 + clients * 3;
	}

	/** A second passes. */
	pass(): void {
		this.#second++;
		const load = 0.6 + 0.4 * Math.sin((this.#second / 86_400) * 2 * Math.PI) + this.#between(-0.05, 0.05);
		const commands = Math.round(20_000 * load);
		const counters = this.#counters;
		counters.commands += commands;
		counters.hits += Math.round(commands * 0.6 * this.#between(0.9, 1));
		counters.misses += Math.round(commands * 0.05 * this.#between(0.5, 1));
		counters.cpuSystem += 0.1 * load * this.#between(0.9, 1.1);
		counters.cpuUser += 0.3 * load * this.#between(0.9, 1.1);
		counters.expired += Math.round(40 * load);
		counters.changes = this.#second % 300 === 0 ? 0 : counters.changes + Math.round(commands * 0.3);
		this.#memory = Math.max(5e9, this.#memory + Math.round(this.#between(-400_000, 410_000)));
		for (const command of this.#commands) {
			const calls = Math.round((commands / this.#commands.length) * this.#between(0.5, 1.5));
			command.calls += calls;
			command.micros += Math.round(calls * this.#between(3, 9));
		}
		if (this.#random() < 1 / 40) this.#addSlow();
		if (this.#random() < 1 / 30) this.#reconnect();
	}

	answer([command = '', word = '', name = '']: readonly string[]): unknown {
		switch (command) {
			case 'INFO':
				return word === 'commandstats' ? this.#commandStats() : this.#info();
			case 'CLIENT':
				return this.#clientList();
			case 'SLOWLOG':
				return name === '1' ? this.#slow.slice(0, 1) : this.#slow;
			case 'CONFIG':
				return [name, settings[name] ?? ''];
			case 'ACL':
				return word === 'WHOAMI' ? 'default' : 'OK';
			default:
				throw new Error(`nobody asks for ${command} here`);
		}
	}

	#between(from: number, to: number): number {
		return from + this.#random() * (to - from);
	}

	#pick<T>(choices: readonly T[]): T {
		return choices[Math.floor(this.#random() ** 2 * choices.length)] as T;
	}

	#newClient(id: number): Client {
		const host = `10.0.${Math.floor(this.#between(1, 9))}.${Math.floor(this.#between(2, 250))}`;
		const address = `${host}:${Math.floor(this.#between(32_768, 60_999))}`;
		const base = {id, address, name: this.#pick(['api', 'worker', 'cron', 'web']), bornAt: this.#second, activeAt: this.#second};
		return {...base, command: 'get', queryBytes: 0, memory: 1928, bytesIn: 1000, bytesOut: 1000, commands: 10};
	}

	#reconnect(): void {
		this.#clients.splice(Math.floor(this.#random() * this.#clients.length), 1);
		this.#clients.push(this.#newClient(this.#nextClientId++));
		this.#counters.connections++;
	}

	#addSlow(): void {
		const id = (this.#slow[0]?.[0] as number | undefined) ?? 0;
		const args = this.#pick([
			['HGETALL', `session:${Math.floor(this.#between(1, 1e6))}`],
			['ZRANGE', 'leaderboard', '0', '-1'],
			['EVALSHA', '1234567890123456789012345678901234567890', '2', 'a', 'b'],
		]);
		const caller = this.#pick(this.#clients);
		this.#slow.unshift([id + 1, 1_735_732_800 + this.#second, Math.round(this.#between(10_000, 90_000)), args, caller.address, caller.name]);
		this.#slow.splice(128);
	}

	#clientList(): string {
		return this.#clients.map(client => this.#line(client)).join('\n');
	}

	#line(client: Client): string {
		if (this.#random() < 1 / 3) {
			client.activeAt = this.#second;
			client.command = this.#pick(commandNames);
			client.queryBytes = this.#random() < 0.2 ? Math.floor(this.#between(20, 400)) : 0;
			client.memory = this.#pick([1928, 22_426, 18_968, 1928 + client.queryBytes]);
			client.bytesIn += Math.floor(this.#between(50, 5000));
			client.bytesOut += Math.floor(this.#between(50, 20_000));
			client.commands += Math.floor(this.#between(1, 100));
		}
		const {id, address, name, queryBytes, memory, command} = client;
		const ages = `age=${this.#second - client.bornAt + 500} idle=${this.#second - client.activeAt}`;
		const buffers = `qbuf=${queryBytes} qbuf-free=0 argv-mem=10 multi-mem=0 obl=0 oll=0 omem=0 tot-mem=${memory}`;
		const line = `id=${id} addr=${address} laddr=10.0.0.9:6379 fd=8 name=${name} ${ages} flags=N db=0 sub=0 psub=0 ssub=0 multi=-1 ${buffers} events=r cmd=${command} user=default redir=-1 resp=2`;
		if (this.#telling === 'usual') return line;
		return `${line} lib-name=ioredis lib-ver=5.4.1 watch=0 tot-net-in=${client.bytesIn} tot-net-out=${client.bytesOut} tot-cmds=${client.commands}`;
	}

	#info(): string {
		const {commands, hits, misses, cpuSystem, cpuUser, expired, connections, changes} = this.#counters;
		const noise = (base: number, share: number) => Math.round(base * this.#between(1 - share, 1 + share));
		const fields = {
			redis_version: '7.0.15',
			redis_mode: 'standalone',
			run_id: '0123456789012345678901234567890123456789',
			tcp_port: 6379,
			process_id: 1,
			server_time_usec: (1_735_732_800 + this.#second) * 1_000_000 + noise(500_000, 0.5),
			uptime_in_seconds: 1_000_000 + this.#second,
			config_file: '/etc/redis/redis.conf',
			connected_clients: this.#clients.length,
			maxclients: 20_000,
			blocked_clients: noise(12, 0.3),
			clients_in_timeout_table: noise(12, 0.3),
			rejected_connections: 0,
			used_memory: this.#memory,
			used_memory_rss: this.#memory + noise(4e8, 0.01),
			used_memory_peak: 9e9,
			used_memory_overhead: noise(1e9, 0.001),
			used_memory_startup: 900_000,
			used_memory_dataset: this.#memory - noise(1e9, 0.001),
			total_system_memory: 32e9,
			maxmemory: 20e9,
			maxmemory_policy: 'allkeys-lru',
			mem_fragmentation_ratio: this.#between(1.05, 1.09).toFixed(2),
			mem_clients_normal: noise(400_000, 0.2),
			mem_replication_backlog: 1_048_576,
			mem_allocator: 'jemalloc-5.2.1',
			allocator_frag_bytes: noise(3e7, 0.1),
			loading: 0,
			rdb_changes_since_last_save: changes,
			rdb_bgsave_in_progress: 0,
			rdb_last_save_time: 1_735_732_800 + Math.floor(this.#second / 300) * 300,
			rdb_last_bgsave_status: 'ok',
			rdb_last_bgsave_time_sec: 2,
			rdb_current_bgsave_time_sec: -1,
			aof_enabled: 0,
			latest_fork_usec: 20_000,
			total_connections_received: connections,
			total_commands_processed: commands,
			instantaneous_ops_per_sec: noise(20_000, 0.1),
			instantaneous_input_kbps: this.#between(900, 1100).toFixed(2),
			instantaneous_output_kbps: this.#between(4000, 6000).toFixed(2),
			expired_keys: expired,
			evicted_keys: 0,
			keyspace_hits: hits,
			keyspace_misses: misses,
			total_error_replies: Math.floor(this.#second / 30),
			role: 'master',
			connected_slaves: 1,
			slave0: `ip=10.0.0.10,port=6379,state=online,offset=${commands * 40},lag=${this.#random() < 0.1 ? 1 : 0}`,
			master_replid: '0123456789012345678901234567890123456789',
			master_repl_offset: commands * 40 + noise(1000, 0.5),
			repl_backlog_active: 1,
			repl_backlog_size: 1_048_576,
			repl_backlog_histlen: 1_048_576,
			used_cpu_sys: cpuSystem.toFixed(6),
			used_cpu_user: cpuUser.toFixed(6),
			used_cpu_sys_main_thread: (cpuSystem * 0.9).toFixed(6),
			used_cpu_user_main_thread: (cpuUser * 0.9).toFixed(6),
			errorstat_ERR: `count=${Math.floor(this.#second / 30)}`,
		};
		const keys = 3_000_000 + noise(2000, 0.5);
		const text = Object.entries(fields).map(([name, value]) => `${name}:${value}`);
		return [...text, '# Keyspace', `db0:keys=${keys},expires=${keys - 1_000_000},avg_ttl=${noise(3_600_000, 0.01)}`].join('\r\n');
	}

	#commandStats(): string {
		const lines = this.#commands.map(({name, calls, micros}) => {
			const each = (micros / calls).toFixed(2);
			return `cmdstat_${name}:calls=${calls},usec=${micros},usec_per_call=${each},rejected_calls=0,failed_calls=0`;
		});
		return ['# Commandstats', ...lines].join('\r\n');
	}
}

export type Telling = 'usual' | 'all';

type Client = {
	readonly id: number;
	readonly address: string;
	readonly name: string;
	readonly bornAt: number;
	activeAt: number;
	command: string;
	queryBytes: number;
	memory: number;
	bytesIn: number;
	bytesOut: number;
	commands: number;
};

const commandNames = ['get', 'set', 'hgetall', 'hset', 'zadd', 'evalsha', 'lpush', 'brpoplpush', 'expire', 'del', 'incr', 'zrange', 'xadd', 'hincrby'] as const;

const settings: Readonly<Record<string, string>> = {maxclients: '20000', timeout: '0', save: '3600 1', appendonly: 'no', 'busy-reply-threshold': '5000'};
