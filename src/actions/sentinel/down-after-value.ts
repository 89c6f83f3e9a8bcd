import {wholeNumber} from '../params.ts';
import {type Choice, isRefusal, type Refusal} from '../types.ts';

/** The same for every Sentinel, or for each that is named its own. */
export type Wanted = {readonly kind: 'all'; readonly ms: number} | {readonly kind: 'each'; readonly byNode: ReadonlyMap<string, number>};

/** Seconds typed for milliseconds would have the master taken for dead at once. */
const leastMs = 1000;
const mostMs = 2_147_483_647;

/** `60000`, or `10.0.3.1:26379=60000,10.0.3.2:26379=30000`. What an undo sets back may be lower than what anybody should type. */
export function wantedMs({ms = '', from = ''}: Choice['set'], nodes: readonly string[]): Wanted | Refusal {
	const least = from === '' ? leastMs : 1;
	if (ms.includes('=')) return wantedOfEach(ms, nodes, least);
	const value = wholeNumber('ms', ms, {from: least, to: mostMs});
	if (!isRefusal(value)) return {kind: 'all', ms: value};
	return ms.trim() === '' ? {...value, needsInput: true} : value;
}

function wantedOfEach(ms: string, nodes: readonly string[], least: number): Wanted | Refusal {
	const byNode = new Map<string, number>();
	for (const part of ms.split(',')) {
		const at = part.lastIndexOf('=');
		const node = part.slice(0, at).trim();
		const shown = /^[\w.:[\]-]{1,80}$/.test(node) ? node : 'one of them';
		if (!nodes.includes(node)) return {refused: `ms: ${shown} is no Sentinel of this group: it has ${nodes.join(', ')}`};
		const value = wholeNumber(`ms of ${node}`, part.slice(at + 1), {from: least, to: mostMs});
		if (isRefusal(value)) return value;
		byNode.set(node, value);
	}
	return {kind: 'each', byNode};
}

/** What it must be now on this Sentinel, by `from`: one value for all, or for each that is named its own; empty where nothing is said. */
export function expectedOn(node: string, {from = ''}: Choice['set']): string {
	if (!from.includes('=')) return from;
	const own = from.split(',').find(part => part.slice(0, part.lastIndexOf('=')) === node);
	return own?.slice(node.length + 1) ?? '';
}

/** In words: `60000 ms` where all are the same. */
export function plainOrEach(values: readonly {readonly node: string; readonly ms: number}[]): string {
	const [first] = values;
	if (first && values.every(({ms}) => ms === first.ms)) return `${first.ms} ms`;
	return values.map(({node, ms}) => `${ms} ms on ${node}`).join(', ');
}
