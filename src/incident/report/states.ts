import {formatSeconds} from '../../text/format.ts';
import type {Observed} from './observe.ts';

/** A state of the server, with its time. */
export type StateSpan = {readonly kind: string; readonly fromMs: number; readonly toMs: number | undefined};

/** In which state the server was when, from the changes that the timeline tells; without any, from the frames. */
export function statesOf({events, looks, source}: Pick<Observed, 'events' | 'looks' | 'source'>): readonly StateSpan[] {
	const changes = events.filter(({kind, subject}) => kind === 'state' && subject?.includes('>'));
	const begin = {
		kind: changes[0]?.subject?.split('>')[0] ?? looks.at(-1)?.server.kind ?? 'CONNECTING',
		fromMs: Math.min(source.fromMs, changes[0]?.atMs ?? source.fromMs),
	};
	const spans = [begin, ...changes.map(({atMs, subject = ''}) => ({kind: subject.split('>')[1] ?? '?', fromMs: beganAtMs(atMs, subject, looks)}))];
	return spans.map((span, index) => ({...span, toMs: spans[index + 1]?.fromMs}));
}

/** A silence begins with the last reply, which is before it was noticed; the frames know when. */
function beganAtMs(noticedAtMs: number, subject: string, looks: Observed['looks']): number {
	if (!subject.endsWith('>SILENT')) return noticedAtMs;
	const look = looks.find(({atMs, server}) => atMs >= noticedAtMs - 1000 && server.kind === 'SILENT');
	return look && look.server.sinceMs <= noticedAtMs ? look.server.sinceMs : noticedAtMs;
}

/** `BUSY for 2m10s and SILENT for 5s`, the longest first; undefined where it was in none of them. */
export function whileIt(states: readonly StateSpan[], isWanted: (kind: string) => boolean, endMs: number): string | undefined {
	const lengths = new Map<string, number>();
	for (const {kind, fromMs, toMs = endMs} of states) if (isWanted(kind)) lengths.set(kind, (lengths.get(kind) ?? 0) + Math.max(0, toMs - fromMs));
	const parts = [...lengths].toSorted((a, b) => b[1] - a[1]).map(([kind, ms]) => `${kind} for ${formatSeconds(ms / 1000)}`);
	return parts.length === 0 ? undefined : listed(parts);
}

/** `a, b and c`. */
export const listed = (parts: readonly string[]): string => [parts.slice(0, -1).join(', '), ...parts.slice(-1)].filter(text => text !== '').join(' and ');
