import type {ScriptNames} from '../hooks/script-names.ts';
import type {ConsoleState} from '../store/store.ts';
import type {PaneName} from '../store/ui.ts';
import {clientDetail} from './clients/client-detail.ts';
import {replicaDetail} from './ha/replica-detail.ts';
import type {Detail} from './kit/facts.ts';
import {memoryDetail} from './memory/memory-detail.ts';
import {queueDetail} from './queues/queue-detail.ts';
import {scriptDetail} from './scripts/script-detail.ts';
import {eventDetail} from './timeline/event-detail.ts';

export type DetailTools = {readonly scriptName: ScriptNames; readonly ascii: boolean};

/** What each pane says of the row under its cursor; undefined where that row has gone. */
export const details: Readonly<Record<PaneName, (state: ConsoleState, tools: DetailTools) => Detail | undefined>> = {
	scripts: (state, {scriptName}) => scriptDetail(state, scriptName),
	clients: clientDetail,
	memory: (state, {ascii}) => memoryDetail(state, ascii),
	queues: (state, {ascii}) => queueDetail(state, ascii),
	ha: (state, {ascii}) => replicaDetail(state, ascii),
	timeline: (state, {ascii}) => eventDetail(state, ascii),
};
