import {parseLargeCommands} from '../redis/parse/commandlog.ts';
import {received} from '../store/resource.ts';
import {isAnswering} from './is-answering.ts';
import type {Source} from './sources.ts';

const shownOfEach = 32;

/** Valkey logs large requests and replies beside slow commands. Other servers do not know the command: they say so once, and are not asked again. */
export const largeCommands: Source = {
	name: 'largeCommands',
	everyMs: state => Math.max(5000, state.session.intervalMs),
	isWanted: isAnswering,
	async read(ask) {
		const requests = parseLargeCommands(await ask(['COMMANDLOG', 'GET', `${shownOfEach}`, 'large-request']), 'request');
		const replies = parseLargeCommands(await ask(['COMMANDLOG', 'GET', `${shownOfEach}`, 'large-reply']), 'reply');
		return (snapshot, atMs) => ({...snapshot, largeCommands: received([...requests, ...replies], atMs)});
	},
};
