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
 * its connection; one that has sent nothing yet is left: what it shows is not so any more. A console that looks at another server of the group
 * stays there, and has its home elsewhere.
 */
export async function followMaster(move: MasterMove, focus: Focus, desk: Pick<ActionDesk, 'settle'>): Promise<void> {
	const {from, to, isHere} = move;
	const endpoint = endpointOf(to);
	if (!endpoint) return;
	const isLooking = isHere || focus.isAtHome || address(focus.target.endpoint) === to;
	if (isLooking) await desk.settle();
	// A later one may have come meanwhile, and the console may be on its way out.
	if (focus.isClosed || !focus.takesFailover(move)) return;
	const isHome = focus.isHomeMaster(from) || (isHere && focus.isAtHome);
	if (isHome && !isLooking) stayAway(move, endpoint, focus);
	else if (isHome || isHere) turn(move, {endpoint, isHome}, focus);
}

const textOf = ({from, to}: MasterMove): string => `Sentinel moved the master from ${from} to ${to}`;

function stayAway(move: MasterMove, endpoint: TcpEndpoint, focus: Focus): void {
	const {home, target, store} = focus;
	const text = `${textOf(move)}: ${home.name} is there now, still looking at ${target.name}`;
	focus.moveHome({...home, endpoint}, text);
	notify(store, text, 'warn');
}

function turn(move: MasterMove, {endpoint, isHome}: {readonly endpoint: TcpEndpoint; readonly isHome: boolean}, focus: Focus): void {
	const {home, target, store} = focus;
	const loss = move.isHere ? lossOf(move.from, store.getState().snapshot) : undefined;
	const text = `${textOf(move)}: now looking at ${move.to}`;
	const next = isHome ? {...home, endpoint} : {...target, name: address(endpoint), endpoint};
	focus.moveTo(next, {text, keepsFigures: true, becomesHome: isHome});
	notify(store, text, 'warn');
	if (loss === undefined) return;
	const event = {atMs: store.getState().nowMs, kind: 'server' as const, severity: undefined, text: loss, details: []};
	store.setState(({timeline}) => ({timeline: addEvents(timeline, [event])}));
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
