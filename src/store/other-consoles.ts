import type {ClientRow, ParsedClientList} from '../redis/parse/client-list.ts';
import {memoizeLatest} from './memoize.ts';
import type {ConsoleState} from './store.ts';

/** Another redis-triage that looks at the same server now. */
export type OtherConsole = {
	/** `alice@bastion1`, as it names itself. */
	readonly who: string;
	/** What its acting connection last sent, and when; undefined when that was nothing that changes anything, or it has none. */
	readonly lastAct: {readonly command: string; readonly atMs: number} | undefined;
};

const named = /^redis-triage:(.+):(observe|act)$/;
/** It polls once a minute at the least: one that has not is a connection whose console has gone. */
const goneAfterSeconds = 90;
/** What a console sends over its acting connection without changing anything. */
const harmless =
	/^(null|hello|auth|ping|select|info|time|client\|(setname|id|list|info)|acl\|(whoami|dryrun)|config\|get|slowlog\|(get|len)|latency\|(latest|history))$/i;

/** The others, by their observing connections in the last CLIENT LIST; empty where that list is older than our own connection. */
export const otherConsoles = ({snapshot: {clients, contact}, session: {ownClientIds}}: Pick<ConsoleState, 'snapshot' | 'session'>): readonly OtherConsole[] =>
	clients.updatedAtMs === undefined || clients.updatedAtMs < contact.linkSinceMs ? nobody : among(clients.data, ownClientIds, clients.updatedAtMs);

const nobody: readonly OtherConsole[] = [];

const among = memoizeLatest((list: ParsedClientList | undefined, ownIds: ReadonlySet<string>, listedAtMs: number): readonly OtherConsole[] => {
	const foreign = (list?.clients ?? []).flatMap(row => {
		const [, who, role] = named.exec(row.name) ?? [];
		return who !== undefined && !ownIds.has(row.id) && row.idleSeconds <= goneAfterSeconds ? [{who, role, row}] : [];
	});
	// Two consoles of one user on one machine have one name; which of their acting connections belongs to which cannot be told, nor matters.
	const acts = foreign.filter(({role}) => role === 'act').map(({who, row}) => ({who, act: lastActOf(row, listedAtMs)}));
	return foreign
		.filter(({role}) => role === 'observe')
		.map(({who}) => ({
			who,
			lastAct: acts.filter(({who: other, act}) => other === who && act).toSorted((a, b) => (b.act?.atMs ?? 0) - (a.act?.atMs ?? 0))[0]?.act,
		}));
});

function lastActOf({lastCommand, idleSeconds}: ClientRow, listedAtMs: number): OtherConsole['lastAct'] {
	if (lastCommand === '' || harmless.test(lastCommand)) return undefined;
	return {command: lastCommand.replace('|', ' ').toUpperCase(), atMs: listedAtMs - idleSeconds * 1000};
}

/** So long what another console did is news for whoever is about to do something. */
const newsForMs = 60_000;

/** Those who have just changed something here, the latest first. */
export function justActed(
	state: Pick<ConsoleState, 'snapshot' | 'session' | 'nowMs'>,
): readonly {readonly who: string; readonly command: string; readonly agoMs: number}[] {
	return otherConsoles(state)
		.flatMap(({who, lastAct}) => (lastAct ? [{who, command: lastAct.command, agoMs: Math.max(0, state.nowMs - lastAct.atMs)}] : []))
		.filter(({agoMs}) => agoMs <= newsForMs)
		.toSorted((a, b) => a.agoMs - b.agoMs);
}
