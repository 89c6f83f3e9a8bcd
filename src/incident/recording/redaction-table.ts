import type {ServerInfo} from '../../redis/parse/server-info.ts';
import type {Finding} from '../../store/finding.ts';
import type {Resource} from '../../store/resource.ts';
import type {ServerState} from '../../store/server-state.ts';
import type {Snapshot} from '../../store/snapshot.ts';
import type {ConsoleState, Session} from '../../store/store.ts';
import type {Recorded} from './recorded.ts';
import type {TextsOf} from './text-rules.ts';

const reasons = {command: 'keep', reason: 'words'} as const;

/** Beside what was read: what went wrong. */
const trouble: Pick<TextsOf<Resource<string>>, 'error' | 'refused'> = {error: 'words', refused: reasons};

const server: TextsOf<ServerState> = {detail: 'words', failure: 'keep'};

const finding: TextsOf<Finding> = {
	id: 'id',
	title: 'words',
	evidence: 'words',
	meaning: 'words',
	components: 'name',
	remedies: 'words',
	steps: 'words',
	node: 'address',
	over: 'words',
};

const info: TextsOf<ServerInfo> = {
	product: 'keep',
	version: 'keep',
	mode: 'keep',
	runId: 'name',
	configFile: 'whole',
	maxMemoryPolicy: 'keep',
	allocator: 'keep',
	errorStats: {key: 'keep', value: 'keep'},
	replicas: {address: 'address', state: 'keep'},
	masterHost: 'host',
};

const logged = {args: 'argv', clientAddress: 'address', clientName: 'name', shape: 'shape', scriptSha: 'keep', functionName: 'name'} as const;

const unknown = reasons;

const queue: TextsOf<NonNullable<Snapshot['queues']['data']>[number]> = {
	id: 'key',
	version: 'keep',
	prefix: 'key',
	name: 'key',
	activeWithoutLockIds: 'name',
	mixedMajors: {evidence: 'words'},
	unknown,
};

const sighted = {address: 'address', flags: 'keep', failoverState: 'keep'} as const;

const session: TextsOf<Session> = {
	target: {name: 'name', address: 'address', environment: 'words', user: 'name'},
	home: {name: 'name', address: 'address'},
	lockedBy: 'whole',
	operator: 'words',
	ownClientIds: 'keep',
	auditFile: 'whole',
	sentinels: {master: 'name', nodes: 'address', views: {key: 'address', value: sighted}},
	components: {name: 'name', keys: 'key', impact: 'words'},
};

const sentinels: NonNullable<TextsOf<Snapshot['sentinels']>> = {
	master: 'name',
	following: 'address',
	latest: {address: 'address'},
	sights: {
		node: 'address',
		master: sighted,
		replicas: {address: 'address', runId: 'name', flags: 'keep'},
		quorum: {words: 'words'},
		error: 'words',
	},
	events: {node: 'address', name: 'keep', about: {address: 'address'}, moved: {from: 'address', to: 'address'}, more: 'words'},
};

const snapshot: TextsOf<Snapshot> = {
	contact: {failure: {kind: 'keep', detail: 'words'}, refusal: {detail: 'words'}},
	server,
	identity: {product: 'keep', version: 'keep', role: 'keep'},
	info: {data: info, ...trouble},
	clients: {
		data: {
			clients: {
				id: 'keep',
				address: 'address',
				localAddress: 'address',
				name: 'name',
				flags: 'keep',
				lastCommand: 'keep',
				user: 'name',
				libraryName: 'keep',
				libraryVersion: 'keep',
			},
			rejected: 'whole',
			whole: {
				heldUp: {key: 'keep', value: 'keep'},
				groups: {
					name: {key: 'name', value: 'keep'},
					library: {key: 'keep', value: 'keep'},
					address: {key: 'host', value: 'keep'},
					user: {key: 'name', value: 'keep'},
				},
			},
		},
		...trouble,
	},
	clientGroups: {
		counts: {
			name: {key: 'name', value: 'keep'},
			library: {key: 'keep', value: 'keep'},
			address: {key: 'host', value: 'keep'},
			user: {key: 'name', value: 'keep'},
		},
	},
	slowlog: {data: {entries: logged}, ...trouble},
	largeCommands: {data: logged, ...trouble},
	functionStats: {data: {running: {name: 'name', command: 'argv'}}, ...trouble},
	settings: {data: {key: 'keep', value: 'words'}, ...trouble},
	permissions: {data: {key: 'keep', value: 'keep'}, ...trouble},
	commandStats: {data: {name: 'keep'}, ...trouble},
	scriptTexts: {data: {key: 'keep', value: {text: 'whole'}}, ...trouble},
	cluster: trouble,
	queues: {data: queue, ...trouble},
	queueHistory: {key: 'key', value: 'keep'},
	queueSearch: {unknown, hidden: {id: 'key', prefix: 'key', name: 'key'}},
	database: {error: 'words'},
	sentinels,
};

const row = {id: 'name', name: 'name', workerName: 'name', failedReason: {text: 'words'}} as const;

const opened: NonNullable<TextsOf<ConsoleState['opened']>> = {
	queueId: 'key',
	asked: 'whole',
	page: {data: {rows: row, unknown}, ...trouble},
	reasons: {data: {groups: {shape: 'words', example: 'words', jobIds: 'name', jobNames: 'name'}}, ...trouble},
	job: {
		data: {
			id: 'name',
			detail: {
				...row,
				data: {text: 'whole'},
				options: {text: 'whole'},
				returnValue: {text: 'whole'},
				progress: {text: 'whole'},
				stacks: 'whole',
				parentKey: 'key',
			},
		},
		...trouble,
	},
};

const fleet: NonNullable<TextsOf<ConsoleState['fleet']>> = {
	nodes: {
		address: 'address',
		id: 'name',
		masterAddress: 'address',
		moves: {nodeId: 'name'},
		flags: 'keep',
		server,
		info,
		findings: finding,
		clientId: 'keep',
		queues: queue,
	},
	problem: 'words',
};

const group = {name: 'key'} as const;

const survey: NonNullable<TextsOf<ConsoleState['survey']['latest']>> = {
	progress: {refused: reasons, node: {address: 'address'}},
	result: {total: group, prefixes: group, components: {name: 'name'}, bigKeys: {name: 'key', type: 'keep', node: 'address'}},
	ending: {detail: 'words'},
};

/** What becomes of every text of a redacted recording. */
export const redactionTable: TextsOf<Recorded> = {
	session,
	snapshot,
	findings: finding,
	fleet,
	incident: {crowded: {key: 'key', value: {label: 'words'}}},
	recovery: {items: {label: 'words', detail: 'words'}, checks: {name: 'name', last: {error: 'words'}}},
	survey: {latest: survey, shown: survey},
	opened,
	timeline: {text: 'words', details: 'words', subject: 'id'},
};
