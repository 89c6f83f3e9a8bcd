import type {MasterMove} from '../../poll/sentinel-watcher.ts';
import {address, parseHost, parsePort, type TcpEndpoint} from '../../redis/target.ts';
import {runningNow} from '../../store/running.ts';
import type {Snapshot} from '../../store/snapshot.ts';
import {addEvents} from '../../store/timeline.ts';
import {notify} from '../../store/ui-commands.ts';
import type {ActionDesk} from './action-desk.ts';
import type {Focus} from './focus.ts';

/**
 * Turn the console to the server that the Sentinels have made the master. An action under way is waited for, as its outcome would be lost with
 * its connection; a dialog that still asks is left: what it shows is not so any more.
 */
export async function followMaster({from, to}: MasterMove, focus: Focus, desk: Pick<ActionDesk, 'settle'>): Promise<void> {
	const endpoint = endpointOf(to);
	if (!endpoint) return;
	await desk.settle();
	// A second one may have come meanwhile, and the console may be on its way out.
	if (focus.isClosed || address(focus.target.endpoint) === to) return;
	const loss = lossOf(from, focus.store.getState().snapshot);
	const text = `Sentinel moved the master from ${from} to ${to}: now looking at ${to}`;
	focus.moveTo({...focus.target, endpoint}, {text, keepsFigures: true, becomesHome: true});
	notify(focus.store, text, 'warn');
	if (loss === undefined) return;
	const event = {atMs: focus.store.getState().nowMs, kind: 'server' as const, severity: undefined, text: loss, details: []};
	focus.store.setState(({timeline}) => ({timeline: addEvents(timeline, [event])}));
}

/** What becomes of what a script still does on the old master: its caller may be told that all went well (facts, trap 9). */
function lossOf(from: string, snapshot: Snapshot): string | undefined {
	const kind = runningNow(snapshot)?.kind;
	if (kind !== 'script' && kind !== 'function') return undefined;
	const isKnown = snapshot.unkillableSinceMs !== undefined;
	const what = isKnown ? `What the ${kind} on ${from} has written is lost` : `If the ${kind} on ${from} has written, that is lost`;
	return `${what}, also where its caller is told of success`;
}

function endpointOf(text: string): TcpEndpoint | undefined {
	const at = text.lastIndexOf(':');
	const [host, port] = [parseHost(text.slice(0, at)), parsePort(text.slice(at + 1))];
	return host === undefined || port === undefined ? undefined : {kind: 'tcp', host, port};
}
