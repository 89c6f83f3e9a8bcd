import {glyphsFor} from '../text/glyphs.ts';
import {type FollowUp, followUps} from './follow-ups.ts';
import type {ConsoleState} from './store.ts';
import type {Happening} from './timeline.ts';

/** One line of the recovery list. `ok` undefined: it cannot be told, or not yet. */
export type RecoveryItem = {readonly label: string; readonly ok: boolean | undefined; readonly detail: string};

/** An HTTP check from the config file, and what came of it last. */
export type HttpCheck = {
	readonly name: string;
	/** The status that is right. */
	readonly expected: number;
	/** Undefined: it has not been asked yet. */
	readonly last: {readonly atMs: number; readonly tookMs: number; readonly status: number | undefined; readonly error: string | undefined} | undefined;
};

export type Recovery = {
	/** Empty as long as nobody has asked for it. */
	readonly items: readonly RecoveryItem[];
	readonly checks: readonly HttpCheck[];
};

export const noRecovery: Recovery = {items: [], checks: []};

/** `5 of 7 verified`. */
export function recoverySummary(items: readonly RecoveryItem[]): string {
	return `${items.filter(({ok}) => ok === true).length} of ${items.length} verified`;
}

export const saysTheSame = (now: readonly RecoveryItem[], before: readonly RecoveryItem[]): boolean =>
	now.length === before.length &&
	now.every(({label, ok, detail}, index) => before[index]?.label === label && before[index].ok === ok && before[index].detail === detail);

/** The sign before an item: it says the same as its colour. */
export function tick(ok: boolean | undefined, isAscii: boolean): string {
	const {done, failed} = glyphsFor(isAscii);
	return ok === undefined ? '?' : ok ? done : failed;
}

/** The list as it is now, for the timeline and from there for the report. */
export function recoveryEvent(state: ConsoleState): Happening {
	const {recovery, session, nowMs} = state;
	const named = (wanted: boolean | undefined) => recovery.items.filter(({ok}) => ok === wanted).map(({label}) => label);
	const [failed, unknown] = [named(false), named(undefined)];
	const parts = [
		recoverySummary(recovery.items),
		failed.length > 0 ? `not so: ${failed.join(', ')}` : '',
		unknown.length > 0 ? `not known: ${unknown.join(', ')}` : '',
	];
	return {
		atMs: nowMs,
		kind: 'note',
		severity: undefined,
		text: `Recovery: ${parts.filter(part => part !== '').join('; ')}`,
		details: [
			`noted by ${session.operator}`,
			...recovery.items.map(({label, ok, detail}) => `${tick(ok, false)} ${label}: ${detail}`),
			...followUps(state).map(({text}: FollowUp) => `still to do: ${text}`),
		],
		subject: 'recovery',
	};
}
