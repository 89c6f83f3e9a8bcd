import type {ConsoleState} from '../../store/store.ts';
import {formatBytes, formatCount, formatRate, formatSeconds} from '../../text/format.ts';
import {mayRun, serverAnswers} from '../checks.ts';
import {defineAction} from '../define-action.ts';
import type {SamplingEnding} from '../deps.ts';
import {wholeNumber} from '../params.ts';
import {isRefusal} from '../types.ts';

type Target = {readonly seconds: number; readonly maxMib: number};

const bytesPerMib = 1024 ** 2;
/** The usual line of MONITOR. */
const bytesPerCommand = 100;
/** From here on it is worth a word, and from there on no more than a second of it. */
const muchPerSecond = 10_000;
const tooMuchPerSecond = 50_000;

/** What is not known by two looks the server tells. */
const opsOf = ({snapshot: {vitals, info}}: ConsoleState): number | undefined => vitals.opsPerSecond ?? info.data?.opsPerSecond;

/** See what the server is asked, by whom, for a few seconds. */
export const monitorSample = defineAction<Target>({
	id: 'monitor.sample',
	title: 'Watch all commands for some seconds',
	danger: 'disruptive',
	pane: 'clients',
	doc: {
		sends: 'MONITOR, on a connection of its own that is closed at the end',
		does: 'shows the commands, keys and clients on top; values are not kept, secrets are masked',
		cost: 'the server writes every command to us: some 100 bytes each, and up to half of its throughput while it lasts',
		verify: 'says how much was seen, for how long, and why it ended',
		undo: 'not needed: nothing is changed',
	},

	params: [
		{name: 'seconds', aliases: ['duration'], hint: 'whole seconds, 1 to 30', initial: () => '5'},
		{name: 'max-mib', aliases: ['mib'], hint: 'MiB after which it ends, 1 to 64', isQuiet: true, initial: () => '8'},
	],
	target(_state, {set}) {
		const seconds = wholeNumber('seconds', (set.seconds ?? '').replace(/s$/, ''), {from: 1, to: 30});
		if (isRefusal(seconds)) return {...seconds, needsInput: true};
		const maxMib = wholeNumber('max-mib', set['max-mib'] ?? '', {from: 1, to: 64});
		return isRefusal(maxMib) ? maxMib : {seconds, maxMib};
	},

	facts: ({seconds, maxMib}, state) => [
		['ends', `after ${seconds} s or ${maxMib} MiB, or when 4 MiB wait for us in the server, whichever is first`],
		['traffic', `${formatRate(opsOf(state))} now`],
	],

	checks: ({seconds}, now) => [
		serverAnswers(now),
		{
			label: 'the server takes a new connection',
			ok: now.snapshot.server.kind !== 'MAXCLIENTS' && now.snapshot.contact.link !== 'broken',
			reason:
				now.snapshot.server.kind === 'MAXCLIENTS'
					? 'The server takes no new connection (MAXCLIENTS), and MONITOR needs one of its own: make room first'
					: `The server takes no connection: ${now.snapshot.server.detail}`,
		},
		{
			label: 'the traffic allows it',
			ok: seconds <= 1 || (opsOf(now) ?? 0) <= tooMuchPerSecond,
			reason: `At ${formatCount(opsOf(now))} commands a second it would hold the server up: set seconds to 1`,
		},
		mayRun(now, 'MONITOR'),
	],

	plan: () => [['MONITOR']],
	work: ({seconds, maxMib}) => ({kind: 'sampling', durationMs: seconds * 1000, maxBytes: maxMib * bytesPerMib}),
	effect: (_target, state) => [
		'every command that the server executes is written to this console too, and counted here',
		'commands, shapes of keys and clients are shown and kept in the audit log; values are not, passwords are masked',
		...((opsOf(state) ?? 0) > muchPerSecond ? ['this is a busy server: commands are answered later while it lasts'] : []),
	],
	affects: () => 'everybody a little, while it lasts',

	cost(_target, state) {
		const ops = opsOf(state);
		const each = `some ${bytesPerCommand} bytes for each command`;
		const perSecond = ops === undefined ? '' : `, now about ${formatBytes(ops * bytesPerCommand)} a second`;
		return `${each}${perSecond}; up to half of the server’s throughput while it lasts`;
	},

	evidence: ['clients'],

	verify(_target, {replies}) {
		const {because, commands, durationMs} = replies[0] as SamplingEnding;
		const seen = `${formatCount(commands)} ${commands === 1 ? 'command' : 'commands'} in ${formatSeconds(durationMs / 1000)}`;
		return {ok: because !== 'lost', detail: `${seen}; ${endings[because]}`, isFinal: true};
	},

	undo: () => ({none: 'not needed: nothing is changed'}),
});

const endings: Record<SamplingEnding['because'], string> = {
	time: 'ended when its time was up',
	bytes: 'ended early: it had read as much as it may',
	buffer: 'ended early: too much was waiting for it in the server',
	stopped: 'stopped by the operator',
	lost: 'the connection was lost',
};
