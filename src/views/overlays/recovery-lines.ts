import {type FollowUp, followUps} from '../../store/follow-ups.ts';
import {type RecoveryItem, recoverySummary, tick} from '../../store/recovery.ts';
import type {ConsoleState} from '../../store/store.ts';
import {glyphsFor} from '../../text/glyphs.ts';
import {cellWidth} from '../../text/safe-text.ts';
import {wrapText} from '../../text/wrap.ts';
import {type Line, line, type Span, type Tone} from '../kit/line.ts';

/** A wider text is not read faster. */
const widestText = 120;
const labelWidth = 28;

/** Is it over, sign by sign, and what remains to be done. The first line is the verdict. */
export function recoveryLines(state: ConsoleState, width: number, ascii: boolean): readonly Line[] {
	const {items} = state.recovery;
	const room = Math.min(width, widestText);
	const left = followUps(state);
	return [
		line(' ', {text: 'Recovery  ', tone: 'strong'}, verdict(state)),
		...items.flatMap(item => itemLines(item, room, ascii)),
		[],
		line(' ', {text: 'Still to do', tone: 'accent'}, left.length === 0 && {text: '   nothing that this console knows of', tone: 'dim'}),
		...left.flatMap(each => followUpLines(each, room, ascii)),
	];
}

/** The list of another moment is one that somebody had opened then. */
function verdict({recovery: {items}, playback}: ConsoleState): Span {
	if (items.length === 0) return {text: playback ? 'nobody had looked at it by then' : 'is being looked at', tone: 'dim'};
	return {text: recoverySummary(items), tone: items.every(({ok}) => ok === true) ? 'good' : 'plain'};
}

const tones = (ok: boolean | undefined): Tone => (ok === undefined ? 'dim' : ok ? 'good' : 'bad');

function itemLines({label, ok, detail}: RecoveryItem, width: number, ascii: boolean): readonly Line[] {
	const sign = line(' ', {text: tick(ok, ascii), tone: tones(ok)}, ' ');
	const texts = wrapText(detail, width - labelWidth - 4);
	const isLong = cellWidth(label) >= labelWidth;
	const head = isLong ? [line(sign, label)] : [line(sign, label.padEnd(labelWidth), {text: texts[0] ?? '', tone: 'dim'})];
	return [...head, ...(isLong ? texts : texts.slice(1)).map(text => line(' '.repeat(3 + labelWidth), {text, tone: 'dim'}))];
}

function followUpLines({text, how}: FollowUp, width: number, ascii: boolean): readonly Line[] {
	const whole = how === undefined ? text : `${text} (${how})`;
	return wrapText(whole, width - 5).map((row, index) => line(index === 0 ? ` ${glyphsFor(ascii).dot} ` : '   ', row));
}
