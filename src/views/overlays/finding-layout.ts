import {type FindingOverlay, type OpenFinding, openFinding} from '../../store/remedies.ts';
import type {ActionStatus, ConsoleState} from '../../store/store.ts';
import {glyphsFor} from '../../text/glyphs.ts';
import {cellWidth} from '../../text/safe-text.ts';
import {wrapText} from '../../text/wrap.ts';
import {screenLayout} from '../frame/screen-layout.ts';
import {severityTone} from '../frame/severity-tone.ts';
import {type Line, line, type Span, spread} from '../kit/line.ts';

/** Below this the columns of a table would be cut to nothing. */
const tableColumns = 100;
/** A wider text is not read faster. */
const widestText = 120;
const labelWidth = 11;

export type FindingLayout = {
	readonly above: readonly Line[];
	/** The remedies, where there is room for a table of them; else they are among the rows above. */
	readonly table: readonly ActionStatus[];
	readonly below: readonly Line[];
	/** So far it can be scrolled. */
	readonly lastOffset: number;
	/** Scrolled like this the chosen remedy is seen in its place. */
	readonly inPlace: {readonly least: number; readonly most: number};
};

const unscrolled = {lastOffset: 0, inPlace: {least: 0, most: 0}} as const;

type Input = OpenFinding & {readonly offset: number; readonly width: number; readonly height: number; readonly ascii: boolean};

/** One finding in full, on whatever screen there is. */
export function layoutFinding(input: Input): FindingLayout {
	const {finding, remedies, chosen, width, height} = input;
	const head = [...titleLines(input), ...block('evidence', [finding.evidence], width)];
	const facts = [
		...block('by hand', numbered(finding.steps ?? []), width),
		...block('meaning', finding.meaning, width),
		...block('affects', [finding.components.join(', ')], width),
		...block('ends when', [finding.over], width),
	];
	const reason = chosen?.refusal === undefined ? [] : block('', [`${chosen.title}: ${chosen.refusal}`], width);
	const tableRows = 3 + 2 * remedies.length;
	if (width >= tableColumns && remedies.length > 0 && head.length + tableRows + reason.length + facts.length <= height)
		return {above: head, table: remedies, below: [...reason, ...facts], ...unscrolled};
	return scrolled(input, head, facts);
}

/** The layout of the finding that is open; undefined: none is, or it has ended. */
export function openFindingLayout(state: ConsoleState): FindingLayout | undefined {
	const open = openFinding(state);
	const {size, overlay} = state.ui;
	if (!open || overlay?.kind !== 'finding') return undefined;
	return layoutFinding({...open, offset: overlay.offset, width: size.columns, height: screenLayout(size, false).bodyRows, ascii: false});
}

/** Who moves the marker sees it where it stands; who scrolls the text finds it at the edge, and stops at the last row. */
export function withinFinding(before: ConsoleState, overlay: FindingOverlay): FindingOverlay {
	const layout = openFindingLayout({...before, ui: {...before.ui, overlay}});
	if (!layout) return overlay;
	const {lastOffset, inPlace} = layout;
	const last = before.ui.overlay;
	const isMoved = last?.kind === 'finding' && last.findingId === overlay.findingId && last.index !== overlay.index;
	const offset = isMoved ? Math.max(inPlace.least, Math.min(overlay.offset, inPlace.most)) : overlay.offset;
	return {...overlay, offset: Math.min(Math.max(0, offset), lastOffset)};
}

/** All rows one below the other, and of them as many as fit; the remedy that Enter runs is always among them, at the edge where its place is not. */
function scrolled(input: Input, head: readonly Line[], facts: readonly Line[]): FindingLayout {
	const {remedies, chosen, height, ascii} = input;
	const rows = remedyRows(input);
	const all = [...head, ...rows.flat(), ...facts];
	if (all.length <= height) return {above: all, table: [], below: [], ...unscrolled};
	const room = height - 1;
	const lastOffset = all.length - room;
	const offset = Math.min(Math.max(0, input.offset), lastOffset);
	const at = chosen ? remedies.indexOf(chosen) : -1;
	const start = head.length + rows.slice(0, Math.max(0, at)).flat().length;
	const end = start + (at < 0 ? 0 : (rows[at]?.length ?? 0));
	const window = withMarker(all.slice(offset, offset + room), all.slice(start, end), {above: start < offset, below: end > offset + room});
	return {
		above: [...window, restLine(offset, lastOffset - offset, ascii)],
		table: [],
		below: [],
		lastOffset,
		inPlace: {least: Math.max(0, end - room), most: at > 0 ? start : 0},
	};
}

function withMarker(window: readonly Line[], marked: readonly Line[], hidden: {readonly above: boolean; readonly below: boolean}): readonly Line[] {
	const shown = marked.slice(0, window.length - 1);
	if (shown.length === 0) return window;
	if (hidden.above) return [...shown, ...window.slice(shown.length)];
	return hidden.below ? [...window.slice(0, -shown.length), ...shown] : window;
}

/** What does not fit is said to be there. */
function restLine(above: number, below: number, ascii: boolean): Line {
	const parts = [above > 0 && `${above} above (k)`, below > 0 && `${below} below (j)`].filter(part => part !== false);
	return line({text: ` ${glyphsFor(ascii).ellipsis} more rows: ${parts.join(', ')}`, tone: 'dim'});
}

function titleLines({finding: {severity, title, id}, position, count, width, ascii}: Input): readonly Line[] {
	const place = `${id}   ${position} of ${count} `;
	const badge: Line = [{text: ' '}, {text: severity, tone: severityTone[severity], inverse: true}, {text: ' '}];
	const room = width - 5 - place.length;
	const right: Line = [{text: place, tone: 'dim'}];
	if (cellWidth(title) < room) return [spread(line(badge, {text: title, tone: 'strong'}), right, width, {ascii})];
	return [spread(badge, right, width, {ascii}), ...wrapText(title, width - 2).map(text => line(' ', {text, tone: 'strong'}))];
}

const numbered = (steps: readonly string[]): readonly string[] => (steps.length === 1 ? steps : steps.map((step, index) => `${index + 1}. ${step}`));

const labelled = (name: string, text: string): readonly Span[] => [{text: ` ${name.padEnd(labelWidth - 1)}`, tone: 'dim'}, {text}];

const block = (name: string, texts: readonly string[], width: number): readonly Line[] =>
	texts.flatMap(text => wrapText(text, Math.min(width, widestText) - labelWidth - 1)).map((text, index) => line(...labelled(index === 0 ? name : '', text)));

/** Title and state of each, in full. */
function remedyRows({remedies, chosen, width, ascii}: Input): readonly (readonly Line[])[] {
	if (remedies.length === 0) return [block('remedies', ['none that the console can send: below is what helps'], width)];
	return remedies.map((status, index) => {
		const isChosen = status === chosen;
		const cursor = isChosen ? glyphsFor(ascii).selected : ' ';
		return wrapText(`${status.title}  ${remedyState(status)}`, width - labelWidth - 3).map((text, row) =>
			line({text: ` ${(index + row === 0 ? 'remedies' : '').padEnd(labelWidth - 1)}`, tone: 'dim'}, row === 0 ? `${cursor} ` : '  ', {
				text,
				tone: isChosen ? 'strong' : 'plain',
			}),
		);
	});
}

export function remedyState({refusal, needsChoice}: ActionStatus): string {
	if (refusal === undefined) return 'ready: Enter';
	return needsChoice ? 'Enter: choose which' : refusal;
}
