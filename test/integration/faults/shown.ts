import type {ConsoleState} from '../../../src/store/store.ts';
import {stateAdvice} from '../../../src/views/frame/state-advice.ts';

/** The worst that the strip says now: a finding that has to do with it, or what the state itself means. */
function headlineNow({snapshot, findings}: ConsoleState, findingId: string | undefined): string {
	const worst = findings.find(({id, severity}) => (findingId === undefined ? severity !== 'P2' : id === findingId));
	return worst ? `${worst.severity} ${worst.title}` : stateAdvice(snapshot.server, []);
}

/** Badge and strip, without the figures that differ from run to run. */
export function shownNow(state: ConsoleState, findingId?: string): string {
	return `\`${state.snapshot.server.kind}\` ${steady(headlineNow(state, findingId))}`;
}

/** Long words of a server are cut: what they begin with is what they are known by. */
const longest = 160;

function steady(text: string): string {
	const plain = text
		.replace(/\d+\.\d+\.\d+\.\d+:\d+/g, 'HOST:PORT')
		.replace(/(?<![A-Za-z])\d[\d.,]*(?=( ?%|ms|s|m|h| |$|:|,))/g, 'n')
		.replace(/\bn(m\d+s|s|ms|h\d+m)\b/g, 'n s');
	return plain.length > longest ? `${plain.slice(0, longest)}…` : plain;
}
