import {SentinelWatcher} from '../../poll/sentinel-watcher.ts';
import type {Change} from '../../poll/sources.ts';
import {SentinelGroup} from '../../redis/sentinel-group.ts';
import {SentinelLines} from '../../redis/sentinel-lines.ts';
import type {ConsoleStore} from '../../store/store.ts';
import type {SessionOptions} from './session.ts';

type Parts = {
	readonly store: ConsoleStore;
	readonly apply: (change: Change) => void;
	/** What CLIENT LIST calls connections to Sentinels. */
	readonly name: string;
	readonly signal: AbortSignal;
};

/** Whatever Sentinels are asked, what they say of themselves and of the master goes into the store. No group where none is known. */
export function watchSentinels(
	{sentinel, target, clock, onSwitch = () => {}}: SessionOptions,
	{store, apply, name, signal}: Parts,
): {readonly group: SentinelGroup | undefined; readonly watching: Promise<void>} {
	if (!sentinel) return {group: undefined, watching: Promise.resolve()};
	const {master} = sentinel;
	const group = new SentinelGroup({access: sentinel, tls: target.tls, name, clock, signal}, seen =>
		store.setState(({session}) => ({session: {...session, sentinels: {master, ...seen}}})),
	);
	const onNews: SentinelWatcher['hear'] = (node, event, message) => watcher.hear(node, event, message);
	const lines = new SentinelLines({access: sentinel, tls: target.tls, name: `${name}-watch`, clock, signal, onNews});
	const watcher = new SentinelWatcher({group, lines, master, store, clock, apply, onSwitch});
	signal.addEventListener('abort', () => lines.close(), {once: true});
	return {group, watching: watcher.run(signal)};
}
