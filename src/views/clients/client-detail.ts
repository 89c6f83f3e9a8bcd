import type {ClientRow} from '../../redis/parse/client-list.ts';
import {type ClientItem, clientItems, clientsOf} from '../../store/lists/client-list.ts';
import {selectedItem} from '../../store/lists/pane-lists.ts';
import type {ConsoleState} from '../../store/store.ts';
import {formatBytes, formatCount, formatSeconds} from '../../text/format.ts';
import type {Detail, Facts} from '../kit/facts.ts';
import {kindLabel} from './client-tables.ts';

/** The client or the group under the cursor. */
export function clientDetail(state: ConsoleState): Detail | undefined {
	const item = selectedItem<ClientItem>(state, 'clients', clientItems(state));
	if (!item) return undefined;
	if (item.kind === 'client') return {title: `Client ${item.client.id}`, facts: clientFacts(item.client, state.session.ownClientIds.has(item.id))};
	const members = clientsOf(state, item);
	return {
		title: `Group ${item.group.key === '' ? '(none)' : item.group.key}: ${formatCount(members.length)} clients`,
		facts: members
			.slice(0, 200)
			.map(client => [client.id, `${client.address}  ${client.name}  idle ${formatSeconds(client.idleSeconds)}  ${client.lastCommand}`]),
	};
}

function clientFacts(client: ClientRow, isOwn: boolean): Facts {
	const optional: readonly (readonly [string, number | undefined, (value: number) => string])[] = [
		['received', client.networkInBytes, formatBytes],
		['sent', client.networkOutBytes, formatBytes],
		['commands', client.commands, formatCount],
		['watched keys', client.watchedKeys, formatCount],
	];
	return [
		['address', client.address],
		['server side', client.localAddress],
		['name', client.name === '' ? '(none)' : client.name],
		['kind', kindLabel(client, isOwn) || 'ordinary client'],
		['connected', `${formatSeconds(client.ageSeconds)} ago`],
		['idle', formatSeconds(client.idleSeconds)],
		['last command', client.lastCommand],
		['user', client.user],
		['database', String(client.db)],
		['flags', `${client.flags}${client.isBlocked ? ' (waits inside a command)' : ''}`],
		['subscriptions', `${client.subscriptions} channels, ${client.patternSubscriptions} patterns, ${client.shardSubscriptions} shard channels`],
		['query buffer', formatBytes(client.queryBufferBytes)],
		['output buffer', formatBytes(client.outputBufferBytes)],
		['memory', formatBytes(client.totalMemoryBytes)],
		['library', `${client.libraryName} ${client.libraryVersion}`.trim() || '(not told)'],
		...optional.flatMap(([name, value, format]) => (value === undefined ? [] : [[name, format(value)] as const])),
	];
}
