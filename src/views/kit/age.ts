import type {Resource} from '../../store/resource.ts';
import {formatSeconds} from '../../text/format.ts';
import type {Span} from './line.ts';

/** How old what is shown is, or why there is nothing: every pane says it, always in the same words. */
export function ageSpan(resource: Resource<unknown>, nowMs: number, ascii: boolean): Span {
	if (resource.refused) return {text: `refused: ${resource.refused.command}`, tone: 'warn'};
	if (resource.updatedAtMs === undefined)
		return resource.error === undefined ? {text: 'loading', tone: 'dim'} : {text: `no data: ${resource.error}`, tone: 'warn'};
	const ageSeconds = Math.max(0, Math.floor((nowMs - resource.updatedAtMs) / 1000));
	const age = `${formatSeconds(ageSeconds, {ascii})} old`;
	if (resource.failures > 0) return {text: `! stale: ${age}`, tone: 'warn'};
	return {text: age, tone: ageSeconds > staleSeconds ? 'warn' : 'dim'};
}

/** The slowest poll of a pane is every ten seconds. */
const staleSeconds = 15;

/** Of a part that is read apart from the rest: how old it is, where it is older than it should be. */
export function oldText(atMs: number | undefined, nowMs: number, ascii: boolean): string | undefined {
	const ageSeconds = atMs === undefined ? 0 : Math.floor((nowMs - atMs) / 1000);
	return ageSeconds > staleSeconds ? `${formatSeconds(ageSeconds, {ascii})} old` : undefined;
}

/** What a pane says in place of its rows when there are none. */
export function emptyText(resource: Resource<unknown>, nothing: string): Span {
	if (resource.refused) return {text: `${resource.refused.command} is refused to this user: ${resource.refused.reason}`, tone: 'warn'};
	if (resource.data === undefined) return {text: resource.error === undefined ? 'Not read yet' : `Not read yet: ${resource.error}`, tone: 'dim'};
	return {text: nothing, tone: 'dim'};
}
