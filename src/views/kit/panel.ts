import {type TextOptions, toCells} from '../../text/safe-text.ts';
import {fit, type Line, type LinePart, line, lineWidth, mergeSpans, type Span} from './line.ts';

/** `title` and `right` sit in the top border, `right` at its end. `focused` draws the border double (`=` in ASCII) and the title strong. */
export type PanelOptions = TextOptions & {
	readonly title: LinePart;
	readonly right?: LinePart;
	readonly body: readonly Line[];
	readonly width: number;
	readonly height: number;
	readonly focused?: boolean;
};
type Size = {readonly width: number; readonly height: number};
type Border = Readonly<Record<'topLeft' | 'topRight' | 'bottomLeft' | 'bottomRight' | 'across' | 'down', string>>;

const light: Border = {topLeft: '┌', topRight: '┐', bottomLeft: '└', bottomRight: '┘', across: '─', down: '│'};
const double: Border = {topLeft: '╔', topRight: '╗', bottomLeft: '╚', bottomRight: '╝', across: '═', down: '║'};
const ascii: Border = {topLeft: '+', topRight: '+', bottomLeft: '+', bottomRight: '+', across: '-', down: '|'};
const asciiFocused: Border = {...ascii, across: '='};

/** Less than this of the right part says nothing. */
const leastRightWidth = 4;

/** The room a panel of this size leaves for its body, in cells and rows. */
export function panelInner({width, height}: Size): Size {
	return {width: Math.max(0, toCells(width) - 2), height: Math.max(0, toCells(height) - 2)};
}

/** A box of exactly `height` rows of `width` cells; a body that is too long is clipped, one that is too short filled up. */
export function panelLines(options: PanelOptions): readonly Line[] {
	const {body, focused = false, ascii: isAscii = false} = options;
	const width = toCells(options.width);
	const height = toCells(options.height);
	const inner = panelInner({width, height});
	const border = borderFor(focused, isAscii);
	const edge = (text: string): Span => (focused ? {text} : {text, tone: 'dim'});
	const textOptions = {ascii: isAscii};

	const rows = Array.from({length: inner.height}, (_, index) => [edge(border.down), ...fit(body[index] ?? [], inner.width, textOptions), edge(border.down)]);
	const bottom = [edge(border.bottomLeft + border.across.repeat(inner.width) + border.bottomRight)];
	const all = [topLine(options, inner.width, border, edge), ...rows, bottom];
	return all.slice(0, height).map(content => fit(mergeSpans(content), width, {...textOptions, ellipsis: ''}));
}

function borderFor(focused: boolean, isAscii: boolean): Border {
	if (isAscii) return focused ? asciiFocused : ascii;
	return focused ? double : light;
}

function topLine({title, right, focused = false, ascii: isAscii = false}: PanelOptions, room: number, border: Border, edge: (text: string) => Span): Line {
	const textOptions = {ascii: isAscii};
	const titled = label(
		line(title).map(span => (focused && span.tone === undefined ? {...span, tone: 'strong'} : span)),
		room - 1,
		textOptions,
	);
	const ended = label(line(right), room - lineWidth(titled, textOptions) - 1, textOptions, leastRightWidth);
	const rule = room - lineWidth(titled, textOptions) - lineWidth(ended, textOptions);
	// One dash stays behind the right part, so that the corner reads as a corner.
	const tail = ended.length > 0 ? 1 : 0;
	return [edge(border.topLeft), ...titled, edge(border.across.repeat(Math.max(0, rule - tail))), ...ended, edge(border.across.repeat(tail) + border.topRight)];
}

/** A text with a blank on either side, in at most `room` cells; nothing where less than `least` of it could be shown. */
function label(content: Line, room: number, options: TextOptions, least = 1): Line {
	const natural = lineWidth(content, options);
	const width = Math.min(natural, room - 2);
	if (natural === 0 || width < Math.min(natural, least)) return [];
	return [{text: ' '}, ...fit(content, width, options), {text: ' '}];
}
