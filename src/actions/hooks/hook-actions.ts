import type {Danger} from '../../store/dialog.ts';
import type {ConsoleState} from '../../store/store.ts';
import {commandText} from '../../text/command-text.ts';
import {plural} from '../../text/format.ts';
import {chosenClients} from '../clients/client-targets.ts';
import {defineAction} from '../define-action.ts';
import type {ProgramEnding} from '../deps.ts';
import {chosenQueue} from '../queues/queue-target.ts';
import {type AnyAction, type Choice, isRefusal, noChoice, type Param, type Refusal} from '../types.ts';

/** A program of the operator's own, as the config file has it. */
export type Hook = {readonly name: string; readonly command: readonly string[]; readonly danger: Danger; readonly timeoutSeconds: number};

/** What the program is told of the server, frozen when the dialog opens. */
type Target = {readonly address: string; readonly env: Readonly<Record<string, string>>};

/** `hook.NAME` for every hook of the config file. There is none without it. */
export const hookActions = (hooks: readonly Hook[]): readonly AnyAction[] => hooks.map(hookAction);

const hookAction = ({name, command, danger, timeoutSeconds}: Hook): AnyAction =>
	defineAction<Target>({
		id: `hook.${name}`,
		title: `Run the hook ${name}`,
		danger,
		pane: 'timeline',
		doc: {
			sends: `nothing to the server; it runs ${commandText(command)} on this machine`,
			does: `runs a program of the config file, for at most ${timeoutSeconds} s`,
			cost: 'none for the server',
			verify: 'the program ends with exit code 0',
			undo: 'none that is known here: what the program does is its own affair',
		},

		params,
		target: (state, {set}) => targetOf(state, set),
		facts: ({env}) => [
			['on', 'this machine, as the user that this console runs as'],
			[
				'told',
				Object.entries(env)
					.map(([key, value]) => commandText([`${key}=${value}`]))
					.join(' '),
			],
			['ends', `after ${timeoutSeconds} s at the latest, with all that it has started`],
		],

		// Not that the server answers: to restart it may be what the program is for.
		checks: ({address}, now) => [
			{
				label: `the target is still ${address}`,
				ok: now.session.target.address === address,
				reason: `The target is ${now.session.target.address} now, and the program would be told of ${address}`,
			},
		],

		plan: () => [command],
		work: ({env}) => ({kind: 'program', env, timeoutMs: timeoutSeconds * 1000}),
		effect: () => [
			'this program runs as it stands here, without a shell; what it does is its own affair',
			'it gets the variables above, and neither REDISCLI_AUTH nor REDIS_URL',
			'its output is shown and written to the audit log',
		],
		affects: () => 'whoever the program is about: the config file knows',
		cost: () => 'none for the server: nothing is sent to it',
		evidence: [],

		verify(_target, {replies}) {
			const {exitCode, output} = replies[0] as ProgramEnding;
			return {ok: exitCode === 0, detail: `exit code ${exitCode}, ${plural(output.length, 'line')} of output`, isFinal: true};
		},

		undo: () => ({none: 'none that is known here'}),
	});

/** What the cursor stands on, which `do` has to be told. */
const params: readonly Param[] = [
	{name: 'queue', hint: 'the queue that the program is told of', isQuiet: true, initial: chosenQueueId},
	{name: 'client', aliases: ['client-id'], hint: 'the id of the client that the program is told of', isQuiet: true, initial: chosenClientId},
];

function chosenQueueId(state: ConsoleState): string {
	const queue = state.ui.focus === 'queues' ? chosenQueue(state, noChoice) : undefined;
	return queue === undefined || isRefusal(queue) ? '' : queue.id;
}

/** Of several it would be told of one only: then rather of none. */
function chosenClientId(state: ConsoleState): string {
	const clients = state.ui.focus === 'clients' ? chosenClients(state, noChoice) : [];
	return isRefusal(clients) || clients.length !== 1 ? '' : (clients[0]?.id ?? '');
}

function targetOf(state: ConsoleState, {queue = '', client = ''}: Choice['set']): Target | Refusal {
	if (!/^\d{0,20}$/.test(client)) return {refused: 'client must be the id of a client, a number'};
	// The name of a queue is others' text, and a variable ends at a NUL.
	if (queue.includes('\0')) return {refused: 'The name of the queue has a NUL in it: no program can be told of it'};
	const {session, snapshot} = state;
	const {name, address, environment, db} = session.target;
	const told = {
		TARGET: name,
		ADDRESS: address,
		...hostAndPort(address),
		ENVIRONMENT: environment ?? '',
		DB: String(db),
		OPERATOR: session.operator,
		STATE: snapshot.server.kind,
		QUEUE: queue,
		CLIENT_ID: client,
	};
	const env = Object.entries(told).flatMap(([key, value]) => (value === '' ? [] : [[`REDIS_TRIAGE_${key}`, value] as const]));
	return {address, env: Object.fromEntries(env)};
}

/** Of a Unix socket there is neither. */
function hostAndPort(address: string): {readonly HOST: string; readonly PORT: string} {
	const [, bracketed, host = bracketed ?? '', port = ''] = /^(?:\[([^\]]+)\]|([^:/[\]]+)):(\d+)$/.exec(address) ?? [];
	return {HOST: host, PORT: port};
}
