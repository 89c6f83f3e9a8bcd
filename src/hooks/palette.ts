import {otherNodes} from '../store/fleet.ts';
import {kindOfServer} from '../store/pointed-server.ts';
import {answersReads} from '../store/server-state.ts';
import {type ConsoleState, lockedText} from '../store/store.ts';
import {wayBackText} from '../store/ways-back.ts';

/** One line of the palette. `command` is what Enter carries out. */
export type PaletteEntry = {readonly command: string; readonly name: string; readonly title: string; readonly refusal: string | undefined};

const views: readonly PaletteEntry[] = [
	{command: 'view.overview', name: 'view.overview', title: 'All panes at a glance', refusal: undefined},
	{command: 'view.scripts', name: 'view.scripts', title: 'Running script and slowlog', refusal: undefined},
	{command: 'view.clients', name: 'view.clients', title: 'Client connections', refusal: undefined},
	{command: 'view.memory', name: 'view.memory', title: 'Memory, and who takes it', refusal: undefined},
	{command: 'view.queues', name: 'view.queues', title: 'Job queues', refusal: undefined},
	{command: 'view.ha', name: 'view.ha', title: 'Persistence and replication', refusal: undefined},
	{command: 'view.timeline', name: 'view.timeline', title: 'What has happened, in order', refusal: undefined},
	{command: 'recovery', name: 'recovery', title: 'Is it over? Verify the recovery, and see what is left to do', refusal: undefined},
	{command: 'note', name: 'note', title: 'Note for the timeline', refusal: undefined},
	{command: 'snapshot', name: 'snapshot', title: 'Write what the screen shows to a file', refusal: undefined},
	{command: 'report', name: 'report', title: 'Write the incident report, from what has been recorded', refusal: undefined},
	{command: 'help', name: 'help', title: 'Keys', refusal: undefined},
	{command: 'quit', name: 'quit', title: 'Leave the console', refusal: undefined},
];

/** What reads a good part of the keyspace. */
function looks({snapshot: {server}}: ConsoleState): readonly PaletteEntry[] {
	const refusal = answersReads(server) ? undefined : `The server is ${server.kind}`;
	return [
		{command: 'survey.start', name: 'memory.survey', title: 'Survey the keys: which prefixes take the memory', refusal},
		{command: 'queues.rescan', name: 'queues.rescan', title: 'Look for queues in the whole database', refusal},
	];
}

/** The ways to other servers of the group, and home. */
function ways({session, snapshot, fleet, ui}: ConsoleState): readonly PaletteEntry[] {
	const home = session.home && {
		command: 'server.home',
		name: `home ${session.home.name}`,
		title: 'Look at the server that was asked for again',
		refusal: undefined,
	};
	const others = otherNodes({fleet, session}).map(({address, server}) => ({
		command: `go:${address}`,
		name: `go ${address}`,
		title: `Look at ${kindOfServer({ui, fleet, snapshot}, address)} ${address}, which is ${server.kind}`,
		refusal: undefined,
	}));
	return home ? [home, ...others] : others;
}

function modes({session}: ConsoleState): readonly PaletteEntry[] {
	const isReadOnly = session.mode === 'read-only';
	return [
		{
			command: 'mode.read-only',
			name: 'mode.read-only',
			title: 'Close the connection that can change the server',
			refusal: isReadOnly ? 'It is read-only already' : undefined,
		},
		{
			command: 'mode.guarded',
			name: 'mode.guarded',
			title: 'Allow actions, each behind its dialog',
			refusal: refusalOfGuarded(session),
		},
	];
}

function refusalOfGuarded({mode, lockedBy}: ConsoleState['session']): string | undefined {
	if (lockedBy !== undefined) return lockedText(lockedBy);
	return mode === 'read-only' ? undefined : 'Actions are allowed already';
}

/** What was done, in this session or by an earlier console, and can be taken back. */
function undos({undos, nowMs}: ConsoleState): readonly PaletteEntry[] {
	return undos.map(status => ({command: `undo:${status.auditId}`, name: `undo ${status.done}`, title: wayBackText(status, nowMs), refusal: status.refusal}));
}

/** What matches the query, best first: actions, what can be taken back, findings, views and modes by id and title. */
export function paletteEntries(state: ConsoleState, query: string): readonly PaletteEntry[] {
	const actions = state.actions.map(({id, title, refusal}) => ({command: `action.${id}`, name: id, title, refusal}));
	const findings = state.findings.map(({id, severity, title}) => ({
		command: `finding:${id}`,
		name: `finding ${id}`,
		title: `${severity} ${title}`,
		refusal: undefined,
	}));
	return [...actions, ...undos(state), ...findings, ...views, ...looks(state), ...modes(state), ...ways(state)]
		.map((entry, index) => ({entry, index, score: score(`${entry.name} ${entry.title}`.toLowerCase(), query.toLowerCase().replaceAll(' ', ''))}))
		.filter(({score: found}) => found !== undefined)
		.sort((a, b) => (a.score ?? 0) - (b.score ?? 0) || a.index - b.index)
		.map(({entry}) => entry);
}

/** Fuzzy: the letters in order, the tighter and the earlier the better (lower). Undefined: no match. */
function score(text: string, letters: string): number | undefined {
	const exact = text.indexOf(letters);
	if (exact >= 0) return exact / 1000;
	let at = -1;
	let gaps = 0;
	for (const letter of letters) {
		const next = text.indexOf(letter, at + 1);
		if (next < 0) return undefined;
		gaps += at < 0 ? 0 : next - at - 1;
		at = next;
	}
	return 1 + gaps;
}
