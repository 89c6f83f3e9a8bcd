import type {ServerInfo} from '../../redis/parse/server-info.ts';
import type {ConfirmRequest} from '../../store/dialog.ts';
import type {ConsoleState} from '../../store/store.ts';
import {formatBytes, formatCount, formatPercent, plural} from '../../text/format.ts';
import {type Setting, settingAction} from './setting-action.ts';
import {evictionPolicy, size} from './setting-values.ts';

const mib = 1024 ** 2;
/** Of the machine: what is left is for the forks of saves, for buffers, and for what else runs there. */
const shareOfMachine = 0.75;

function firstLimit({usedMemoryBytes = 0, totalSystemMemoryBytes}: Partial<ServerInfo>): number {
	const limit = totalSystemMemoryBytes === undefined ? usedMemoryBytes * 2 : totalSystemMemoryBytes * shareOfMachine;
	return Math.max(limit, usedMemoryBytes);
}

/** What counts against the limit: without the buffers of replicas. */
const counted = ({usedMemoryBytes, notCountedForEvictBytes = 0}: ServerInfo): number | undefined =>
	usedMemoryBytes === undefined ? undefined : Math.max(0, usedMemoryBytes - notCountedForEvictBytes);

const inWords = (value: string): string => (value === '0' ? '0 (no limit)' : `${value} (${formatBytes(Number(value))})`);

/** Keys of all databases, and those of them with a time to live. */
function keysOf({keyspace = []}: ServerInfo): {readonly keys: number; readonly expiring: number} {
	return {keys: keyspace.reduce((sum, {keys}) => sum + keys, 0), expiring: keyspace.reduce((sum, {expires}) => sum + expires, 0)};
}

/** What a policy does when memory is full, or is at once while it is over the limit. */
function evicts(policy: string | undefined, info: ServerInfo, state: ConsoleState): readonly string[] {
	if (policy === undefined) return ['by which policy is not known here'];
	if (policy === 'noeviction') return ['nothing is evicted (noeviction): every command that needs memory is refused with OOM; reads and deletions go on'];
	const {keys, expiring} = keysOf(info);
	const queues = state.snapshot.queues.data?.length ?? 0;
	const loss =
		queues > 0
			? [`${plural(queues, 'queue')} of jobs live here: with an evicting policy jobs can vanish without a trace (BullMQ and Bull ask for noeviction)`]
			: [];
	if (policy.startsWith('allkeys-')) return [`keys of any kind are deleted to make room (${policy}): sessions, locks and jobs too`, ...loss];
	return [
		`only keys with a time to live are deleted to make room (${policy}): ${formatCount(expiring)} of ${formatCount(keys)}; when none is left, writes are refused with OOM`,
		...(expiring > 0 ? loss : []),
	];
}

const policyNow = ({snapshot: {settings, info}}: ConsoleState): string | undefined => settings.data?.get('maxmemory-policy') ?? info.data?.maxMemoryPolicy;

function limitEffect(to: number, state: ConsoleState): readonly string[] {
	const info = state.snapshot.info.data;
	const used = info && counted(info);
	if (!info || used === undefined) return ['how much is used is not known: below it, writes are refused or keys are evicted at once'];
	if (to === 0) return ['there is no limit any more: when the machine has nothing left it swaps, or the kernel ends the server without a save'];
	const machine = info.totalSystemMemoryBytes;
	const isTooMuch = machine !== undefined && to > machine;
	return [
		...(used > to
			? [`${formatBytes(used)} is used, ${formatBytes(used - to)} more than that: the limit is passed at once`, ...evicts(policyNow(state), info, state)]
			: [`${formatBytes(used)} is used: ${formatBytes(to - used)} are left to the limit (${formatPercent(used / to)} taken)`]),
		...(isTooMuch ? [`more than the machine has (${formatBytes(machine)}): it swaps, or the kernel ends the server, before the limit counts`] : []),
		...(info.role === 'replica' ? ['a replica leaves the limit to its master (replica-ignore-maxmemory yes, the default)'] : []),
	];
}

/** How much there is to fit under a limit. */
function usedNow({snapshot}: ConsoleState): ConfirmRequest['facts'] {
	const info = snapshot.info.data;
	const used = info && counted(info);
	if (!info || used === undefined) return [];
	const {maxMemoryBytes: limit, totalSystemMemoryBytes: machine} = info;
	const share = limit ? `, ${formatPercent(used / limit)} of ${formatBytes(limit)}` : '';
	return [['used', `${formatBytes(used)}${share}`], ...(machine === undefined ? [] : [['machine', `has ${formatBytes(machine)}`] as const])];
}

const maxmemory: Setting = {
	name: 'maxmemory',
	title: 'Change the memory limit',
	pane: 'memory',
	hint: 'a size, as in 4gb, 512mb or 1073741824; 0: no limit',
	does: 'used memory may grow up to it; below what is used now, writes are refused or keys are evicted at once, as the policy says',
	initial(now, {snapshot}) {
		const wanted = now === '0' ? firstLimit(snapshot.info.data ?? {}) : Number(now) * 1.25;
		return wanted >= 8 * mib ? `${Math.ceil(wanted / mib)}mb` : String(Math.ceil(wanted));
	},
	present: usedNow,
	parse: size('maxmemory'),
	shown: inWords,
	effect: ({to}, state) => limitEffect(Number(to), state),
	affects({from, to}, state) {
		if (!isLower(from, to)) return 'every client that writes; what else runs on the machine';
		return policyNow(state) === 'noeviction' ? 'every client that writes' : 'every client that writes; whoever reads a key that is evicted';
	},
	cost: ({from, to}, state) => (isLower(from, to) && policyNow(state) !== 'noeviction' ? 'evictions, if there are any, in slices of about 0.5 ms' : 'none'),
};

/** 0 is no limit. */
const isLower = (from: string, to: string): boolean => to !== '0' && (from === '0' || Number(to) < Number(from));

function policyEffect(to: string, state: ConsoleState): readonly string[] {
	const info = state.snapshot.info.data;
	const used = info && counted(info);
	if (!info || used === undefined) return ['how much is used is not known: when it is at the limit, this counts at once'];
	const limit = info.maxMemoryBytes;
	if (limit === 0) return ['maxmemory is 0: it has no effect until a limit is set', ...evicts(to, info, state)];
	// A server that has just refused a write may stand a few bytes below its limit.
	const isFull = limit !== undefined && (used >= limit || state.snapshot.server.kind === 'OOM');
	const when =
		limit === undefined
			? 'at the limit'
			: `${formatBytes(used)} of ${formatBytes(limit)} is used: ${isFull ? 'it counts at once' : 'it counts when that is full'}`;
	return [when, ...evicts(to, info, state)];
}

const maxmemoryPolicy: Setting = {
	name: 'maxmemory-policy',
	title: 'Change what is evicted when memory is full',
	pane: 'memory',
	hint: 'noeviction, allkeys-lru, allkeys-lfu, allkeys-random, volatile-lru, volatile-lfu, volatile-random or volatile-ttl',
	does: 'at maxmemory writes are refused (noeviction), or keys are deleted: of any kind (allkeys-…) or only with a time to live (volatile-…)',
	// The mildest of those that evict: what has no time to live stays.
	initial: now => (now === 'noeviction' ? 'volatile-ttl' : 'noeviction'),
	present: usedNow,
	parse: evictionPolicy,
	effect: ({to}, state) => policyEffect(to, state),
	affects: ({to}) =>
		to === 'noeviction' ? 'every client that writes, when memory is full' : 'whoever reads a key that is evicted: deleted keys do not come back',
	cost: ({to}) => (to === 'noeviction' ? 'none' : 'evictions, if there are any, in slices of about 0.5 ms'),
};

export const memorySettings = [maxmemory, maxmemoryPolicy].map(settingAction);
