import {returnsText, type TimelineEvent} from '../../store/timeline.ts';
import {formatClock} from '../../text/format.ts';
import type {Tone} from '../kit/line.ts';

/** `14:03:22`, in UTC; `2026-11-20 14:03:22` where that is not the day it is now. */
export function eventTime(atMs: number, nowMs: number): string {
	const clock = formatClock(atMs).replace('Z', '');
	const [day, today] = [dayOf(atMs), dayOf(nowMs)];
	return day === today ? clock : `${day} ${clock}`;
}

const dayOf = (atMs: number): string => new Date(atMs).toISOString().slice(0, 10);

/** The event in one row; one that came back says so. */
export function eventText(event: TimelineEvent): string {
	const returns = returnsText(event);
	return returns === undefined ? event.text : `${event.text} (${returns})`;
}

const severityTones = {P0: 'bad', P1: 'warn', P2: 'info'} as const;
const outcomeTones = {done: 'good', unverified: 'warn', unknown: 'warn', failed: 'bad', refused: 'warn', cancelled: 'dim'} as const;

/** How loud it is. The words beside it say the same. */
export function eventTone({kind, severity, outcome}: TimelineEvent): Tone {
	switch (kind) {
		case 'found':
			return severity === undefined ? 'plain' : severityTones[severity];
		case 'over':
			return 'good';
		case 'action':
			return outcome === undefined ? 'strong' : outcomeTones[outcome];
		case 'note':
			return 'accent';
		case 'state':
		case 'server':
			return 'strong';
		case 'link':
			return 'plain';
		case 'console':
			return 'dim';
	}
}
