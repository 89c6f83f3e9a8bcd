import type {Finding} from '../../store/finding.ts';
import {type Line, type LinePart, line, type Span, type Tone} from '../kit/line.ts';

/** A row and how soon it gives way where room is short: 0 never does as long as there is any. */
export type Ranked = {readonly rank: number; readonly content: Line; readonly isFault?: boolean};

const labelWidth = 13;

/** ` last save     14:03:22Z …` */
export const fact = (rank: number, label: string, ...parts: readonly LinePart[]): Ranked => ({
	rank,
	content: line({text: ` ${label.padEnd(labelWidth)} `, tone: 'dim'}, ...parts),
});

/** More of the fact above. */
export const more = (rank: number, ...parts: readonly LinePart[]): Ranked => fact(rank, '', ...parts);

export const heading = (title: string, ...parts: readonly LinePart[]): Ranked => ({rank: 1, content: line(' ', {text: title, tone: 'accent'}, ...parts)});

export const gap: Ranked = {rank: 5, content: []};

export const unknown: Span = {text: 'not known', tone: 'dim'};

const tones: Readonly<Record<Finding['severity'], Tone>> = {P0: 'bad', P1: 'bad', P2: 'warn'};

/** The findings among these that stand, in their own words, below the fact they are about. */
export function marks(findings: readonly Finding[], ...ids: readonly string[]): readonly Ranked[] {
	return findings.filter(({id}) => ids.includes(id)).map(({severity, title}) => fault(`${severity} ${title}`, tones[severity]));
}

export const fault = (text: string, tone: Tone = 'bad'): Ranked => ({...more(0, {text, tone}), isFault: true});

/** As many of the lines as there is room for, in their order; of equals the last go first. */
export function fitting(lines: readonly Ranked[], room: number): readonly Ranked[] {
	const kept = [...lines];
	while (kept.length > Math.max(0, room)) {
		const highest = Math.max(...kept.map(({rank}) => rank));
		kept.splice(
			kept.findLastIndex(({rank}) => rank === highest),
			1,
		);
	}
	return kept;
}

/** Figures from before the server stopped answering are dim; what is wrong stays as loud as it was. */
export const faded = (all: readonly Ranked[]): readonly Ranked[] =>
	all.map(ranked => (ranked.isFault ? ranked : {...ranked, content: ranked.content.map(({text}) => ({text, tone: 'dim' as const}))}));
