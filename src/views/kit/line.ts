import {glyphsFor} from '../../text/glyphs.ts';
import {type Align, cellWidth, cut, type TextOptions, toCells, visiblePart, visibleWidth} from '../../text/safe-text.ts';

/** What a piece of text means; the theme decides how that looks. No meaning may hang on a tone alone. */
export type Tone = 'plain' | 'dim' | 'strong' | 'good' | 'warn' | 'bad' | 'info' | 'accent' | 'key';
export type Span = {readonly text: string; readonly tone?: Tone; readonly inverse?: boolean};
/** One row of the screen, left to right. The texts may be foreign: `fit` (and so `<Rows>`) makes them safe. */
export type Line = readonly Span[];
export type LinePart = string | Span | Line | undefined | false;

/** `ellipsis`: what stands where text was cut away, by default `…` (`~` in ASCII); an empty string cuts in silence. */
export type FitOptions = TextOptions & {readonly align?: Align; readonly ellipsis?: string};

/** A line from parts; `undefined` and `false` are left out, so that `condition && part` can be written. */
export function line(...parts: readonly LinePart[]): Line {
	return parts.flatMap((part): Line => {
		if (part === undefined || part === false) return [];
		if (typeof part === 'string') return [{text: part}];
		return isLine(part) ? part : [part];
	});
}

const isLine = (part: Span | Line): part is Line => Array.isArray(part);

/** How many cells the line takes once its texts are visible. */
export function lineWidth(content: Line, options?: TextOptions): number {
	return content.reduce((width, span) => width + cellWidth(span.text, options), 0);
}

/** The line as exactly `width` cells of safe text, neighbours of the same look merged. */
export function fit(content: Line, width: number, options: FitOptions = {}): Line {
	const {align = 'left', ellipsis = glyphsFor(options.ascii === true).ellipsis} = options;
	const room = toCells(width);
	const [only] = content;
	if (only && content.length === 1 && only.text.length <= room && plainAscii.test(only.text)) return filled(only, room, align);
	const {spans, used} = visibleSpans(content, room, options);
	if (used > room) return shorten(spans, room, ellipsis, options);
	const blanks = {text: ' '.repeat(room - used)};
	return mergeSpans(align === 'right' ? [blanks, ...spans] : [...spans, blanks]);
}

const plainAscii = /^[ -~]*$/;

/** The short way for what most cells of most tables are: nothing to make visible, nothing to cut. */
function filled(span: Span, room: number, align: Align): Line {
	const {text} = span;
	if (text.length === room) return room === 0 ? [] : [span];
	if (looksLike(span, blank)) return [{text: align === 'right' ? text.padStart(room) : text.padEnd(room)}];
	const blanks = {text: ' '.repeat(room - text.length)};
	if (text === '') return [blanks];
	return align === 'right' ? [blanks, span] : [span, blanks];
}

const blank: Span = {text: ' '};

/** Spans made visible up to the one that passes `room`: what lies beyond it need not be looked at. */
function visibleSpans(content: Line, room: number, options: TextOptions): {readonly spans: Line; readonly used: number} {
	const spans: Span[] = [];
	let used = 0;
	for (const span of content) {
		if (used > room) break;
		const text = visiblePart(span.text, room, options);
		spans.push(text === span.text ? span : {...span, text});
		used += visibleWidth(text);
	}
	return {spans, used};
}

function shorten(spans: Line, room: number, ellipsis: string, options: TextOptions): Line {
	const sign = cut(ellipsis, room, options);
	const end = room - visibleWidth(sign);
	const kept: Span[] = [];
	let used = 0;
	for (const span of spans) {
		const width = visibleWidth(span.text);
		if (used + width > end) {
			const text = cut(span.text, end - used, options);
			const blanks = ' '.repeat(end - used - visibleWidth(text));
			// The blank (half a wide character was cut away) goes behind the sign, which belongs to the text.
			return mergeSpans([...kept, {...span, text: text + sign}, {text: blanks}]);
		}
		kept.push(span);
		used += width;
	}
	return mergeSpans(kept);
}

/** Neighbours that look the same become one span, empty ones go: fewer nodes to lay out, fewer bytes to send. */
export function mergeSpans(content: Line): Line {
	const merged: Span[] = [];
	for (const span of content) addSpan(merged, span);
	return merged;
}

/** Put a span at the end of a row that is being made; where it looks like the last one it becomes a part of that. */
export function addSpan(row: Span[], span: Span): void {
	if (span.text === '') return;
	const last = row.at(-1);
	if (last && looksLike(last, span)) row[row.length - 1] = sameLook(last, last.text + span.text);
	else row.push(span);
}

/** Not by spreading, which is several times as slow where a frame has hundreds of them. */
function sameLook({tone, inverse}: Span, text: string): Span {
	if (inverse) return tone === undefined ? {text, inverse} : {text, tone, inverse};
	return tone === undefined ? {text} : {text, tone};
}

/** Whether two spans differ in nothing but their text. */
export function looksLike(one: Span, other: Span): boolean {
	return (one.tone ?? 'plain') === (other.tone ?? 'plain') && (one.inverse ?? false) === (other.inverse ?? false);
}

/** Two parts of one row, exactly `width` cells: `right` at the right edge is kept, `left` is cut to what remains. */
export function spread(left: Line, right: Line, width: number, options: TextOptions = {}): Line {
	const room = toCells(width);
	const rightWidth = Math.min(room, lineWidth(right, options));
	const gap = rightWidth > 0 && rightWidth < room ? 1 : 0;
	return mergeSpans([...fit(left, room - rightWidth - gap, options), {text: ' '.repeat(gap)}, ...fit(right, rightWidth, options)]);
}
