import {type OpenFinding, openFinding} from '../../store/remedies.ts';
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
	/** So far the cursor goes: through the remedies, then on through the rows that do not fit. */
	readonly lastIndex: number;
};

type Input = OpenFinding & {readonly index: number; readonly width: number; readonly height: number; readonly ascii: boolean};

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
		return {above: head, table: remedies, below: [...reason, ...facts], lastIndex: remedies.length - 1};
	return scrolled(input, head, facts);
}

/** The furthest that the cursor can go in the finding that is open. */
export function lastFindingIndex(state: ConsoleState): number {
	const open = openFinding(state);
	const {size, overlay} = state.ui;
	if (!open || overlay?.kind !== 'finding') return 0;
	return layoutFinding({...open, index: overlay.index, width: size.columns, height: screenLayout(size, false).bodyRows, ascii: false}).lastIndex;
}

/** All rows one below the other, and of them as many as fit: with the remedy under the cursor, or beyond the last remedy so much further down. */
function scrolled(input: Input, head: readonly Line[], facts: readonly Line[]): FindingLayout {
	const {remedies, index, height, ascii} = input;
	const rows = remedyRows(input);
	const all = [...head, ...rows.flat(), ...facts];
	const lastRemedy = Math.max(0, remedies.length - 1);
	if (all.length <= height) return {above: all, table: [], below: [], lastIndex: lastRemedy};
	const lastOffset = all.length - (height - 1);
	const endOf = (remedy: number) => head.length + rows.slice(0, remedy + 1).flat().length;
	const offsetAt = (remedy: number) => Math.min(lastOffset, Math.max(0, endOf(remedy) - (height - 1)));
	const lastIndex = lastRemedy + lastOffset - offsetAt(lastRemedy);
	const at = Math.min(index, lastIndex);
	const offset = at <= lastRemedy ? offsetAt(at) : offsetAt(lastRemedy) + at - lastRemedy;
	return {above: [...all.slice(offset, offset + height - 1), restLine(offset, lastOffset - offset, ascii)], table: [], below: [], lastIndex};
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
