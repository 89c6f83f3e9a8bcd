import {type ScriptNames, useScriptName} from '../../hooks/script-names.ts';
import {useConsole} from '../../hooks/use-console.ts';
import type {ClientRow} from '../../redis/parse/client-list.ts';
import {type ClientItem, clientItems, clientsOf, type ScriptItem, scriptItems, selectedItem} from '../../store/lists.ts';
import type {ConsoleState} from '../../store/store.ts';
import {commandText} from '../../text/command-text.ts';
import {formatBytes, formatClock, formatCount, formatMicros, formatSeconds} from '../../text/format.ts';
import {wrapText} from '../../text/wrap.ts';
import {kindLabel} from '../clients/client-tables.ts';
import type {PaneSize} from '../frame/pane-box.tsx';
import {type Line, line} from '../kit/line.ts';
import {Rows} from '../kit/rows.tsx';

type Facts = readonly (readonly [name: string, value: string])[];

/** The row under the cursor with everything that is known of it, nothing cut. */
export function Detail({width, height}: PaneSize) {
	const state = useConsole(now => now);
	const scriptName = useScriptName();
	const overlay = state.ui.overlay?.kind === 'detail' ? state.ui.overlay : undefined;
	const {title, facts} = (overlay?.pane === 'clients' ? clientDetail(state) : scriptDetail(state, scriptName)) ?? gone;
	const lines = facts.flatMap(([name, value]) =>
		wrapText(value, Math.max(10, width - 18)).map((text, index) => line({text: ` ${(index === 0 ? name : '').padEnd(16)}`, tone: 'dim'}, text)),
	);
	const from = Math.min(overlay?.offset ?? 0, Math.max(0, lines.length - (height - 1)));
	const shown: readonly Line[] = [line(' ', {text: title, tone: 'strong'}), ...lines.slice(from, from + height - 1)];
	return <Rows lines={Array.from({length: height}, (_, row) => shown[row] ?? [])} width={width} />;
}

const gone = {title: 'The row has gone: Esc back', facts: [] as Facts};

function clientDetail(state: ConsoleState): {readonly title: string; readonly facts: Facts} | undefined {
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

function scriptDetail(state: ConsoleState, scriptName: ScriptNames): {readonly title: string; readonly facts: Facts} | undefined {
	const item = selectedItem<ScriptItem>(state, 'scripts', scriptItems(state));
	switch (item?.kind) {
		case undefined:
			return undefined;
		case 'entry':
			return {title: `Slow command ${item.entry.id}`, facts: entryFacts(item.entry, scriptName)};
		case 'group': {
			const {shape, count, totalMicros, longestMicros, lastAtMs} = item.group;
			return {
				title: 'Slow commands of one shape',
				facts: [
					['shape', shape],
					['times', formatCount(count)],
					['total', formatMicros(totalMicros)],
					['longest', formatMicros(longestMicros)],
					['last', formatClock(lastAtMs)],
				],
			};
		}
		case 'stat': {
			const {name, calls, totalMicros, microsPerCall, rejectedCalls, failedCalls} = item.stat;
			return {
				title: `Statistics of ${name}`,
				facts: [
					['calls', formatCount(calls)],
					['time', formatMicros(totalMicros)],
					['per call', formatMicros(microsPerCall)],
					['refused', formatCount(rejectedCalls)],
					['failed', formatCount(failedCalls)],
				],
			};
		}
	}
}

function entryFacts(entry: Extract<ScriptItem, {kind: 'entry'}>['entry'], scriptName: ScriptNames): Facts {
	const known = entry.scriptSha === undefined ? undefined : scriptName(entry.scriptSha);
	return [
		['when', formatClock(entry.atMs)],
		['took', formatMicros(entry.durationMicros)],
		['caller', entry.clientAddress || '(not told)'],
		['name', entry.clientName || '(none)'],
		...(known === undefined ? [] : [['script', known] as const]),
		['command', commandText(entry.args)],
		...(entry.omittedArgs > 0 ? [['not logged', `${entry.omittedArgs} more arguments: the server keeps 31`] as const] : []),
	];
}
