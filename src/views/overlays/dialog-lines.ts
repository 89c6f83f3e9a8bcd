import {type ActionResult, type Check, type ConfirmRequest, type DialogState, dialogDeafMs, offeredUndo} from '../../store/dialog.ts';
import type {justActed} from '../../store/other-consoles.ts';
import type {Session} from '../../store/store.ts';
import {glyphsFor} from '../../text/glyphs.ts';
import {wrapText} from '../../text/wrap.ts';
import {type Line, line, lineWidth, type Tone} from '../kit/line.ts';
import {planTexts} from './plan-texts.ts';
import {progressLines} from './progress-lines.ts';

type Input = {
	readonly dialog: DialogState;
	readonly session: Session;
	readonly role: string | undefined;
	readonly checks: readonly Check[];
	/** What other consoles have just done here. */
	readonly acted: ReturnType<typeof justActed>;
	readonly nowMs: number;
	readonly width: number;
	readonly ascii: boolean;
};

/** Everything a tired person must see before saying yes, and afterwards how it ended; without the prompt. */
export function dialogContent(input: Input, isTight = false): readonly Line[] {
	const {dialog, width} = input;
	const {request} = dialog;
	const labelWidth = labelWidthOf(dialog);
	const block = (name: string, texts: readonly string[], tone: Tone = 'plain'): readonly Line[] =>
		texts
			.flatMap(text => wrapText(text, width - labelWidth - 2))
			.map((text, index) => line({text: ` ${(index === 0 ? name : '').padEnd(labelWidth)}`, tone: 'dim'}, {text, tone}));
	const room = width - labelWidth - 2;
	const sends = planTexts(request);
	const facts = dialog.phase === 'ended' ? asPast(request.facts) : request.facts;
	const isProgram = request.stops === 'program';
	const commands = block(isProgram ? 'runs' : 'sends', isTight ? sends.map(text => cutTo(text, room, input.ascii)) : sends, 'strong');
	const about = (isTight ? inBrief(facts) : facts).flatMap(([name, value]) => block(name, [value]));
	// Of a program what it is says the most, and the facts are about how it is run.
	const others = dialog.phase === 'asking' ? block('others', input.acted.map(actedText), 'warn') : [];
	const before = [targetLine(input, labelWidth), ...others, ...(isProgram ? [...commands, [], ...about] : [...about, [], ...commands])];
	if (dialog.phase === 'ended' && dialog.result) return [...resultLines(dialog.result, input, block), [], ...before];
	if (dialog.phase === 'running' && dialog.progress) return [...before, [], ...progressLines(dialog.progress, width, input.ascii)];
	return [
		...before,
		[],
		...block('effect', request.effect),
		...block('affects', [request.affects]),
		...block('undo', [isTight && hasSum.test(request.undo) ? cutTo(request.undo, room, input.ascii) : request.undo]),
		...block('cost', [request.cost]),
		[],
		...checkLines(input.checks, {width, ascii: input.ascii, isTight}),
	];
}

const actedText = ({who, command, agoMs}: Input['acted'][number]): string =>
	`${who} sent ${command} here ${agoMs < 1000 ? 'just now' : `${Math.floor(agoMs / 1000)} s ago`}: ask before you act twice`;

/** What was so when the dialog opened may be so no longer. */
const asPast = (facts: ConfirmRequest['facts']): ConfirmRequest['facts'] => facts.map(([name, value]) => [name === 'now' ? 'was' : name, value]);

/** Where room is short, of several facts of one kind the first, and how many more. */
function inBrief(facts: ConfirmRequest['facts']): ConfirmRequest['facts'] {
	const first = facts.filter(([name], index) => facts.findIndex(([other]) => other === name) === index);
	return first.map(([name, value]) => {
		const more = facts.filter(([other]) => other === name).length - 1;
		return [name, more === 0 ? value : `${value} (${more} more)`];
	});
}

/** A call of a script: what it is stands at its beginning. A sentence is never cut. */
const hasSum = /\b[0-9a-f]{40}\b/;

/** Where room is short a long command takes one row; `c` copies it whole, and a larger screen shows it. */
function cutTo(text: string, room: number, ascii: boolean): string {
	const sign = glyphsFor(ascii).ellipsis;
	if (text.length <= room) return text;
	// Of a script's sum the beginning is enough to tell it from another.
	const brief = text.replace(/\b([0-9a-f]{8})[0-9a-f]{32}\b/g, `$1${sign}`);
	return brief.length > room ? `${brief.slice(0, room - sign.length)}${sign}` : brief;
}

const auditLabel = 'audit log';
/** More of what a program has said is in the audit log. */
const shownOutput = 15;

/** The longest label and a blank behind it. */
function labelWidthOf({phase, request}: DialogState): number {
	const labels = [...request.facts.map(([name]) => name), phase === 'ended' ? auditLabel : ''];
	return Math.max(9, ...labels.map(label => label.length + 1));
}

function targetLine({session, role, dialog}: Input, labelWidth: number): Line {
	const {name, address} = session.target;
	const where = name === address ? address : `${name}  ${address}`;
	const {home} = session;
	return line(
		{text: ` ${'target'.padEnd(labelWidth)}`, tone: 'dim'},
		{text: where, tone: 'strong'},
		role !== undefined && `  ${role}`,
		home && {text: `  of ${home.name}, this one alone`, tone: 'warn'},
		dialog.request.isProduction && {text: '   PRODUCTION', tone: 'bad'},
	);
}

/** The preconditions with their ticks, several in a row; where room is short those that hold are counted. */
function checkLines(
	checks: readonly Check[],
	{width, ascii, isTight}: {readonly width: number; readonly ascii: boolean; readonly isTight: boolean},
): readonly Line[] {
	const holding = checks.filter(({ok}) => ok === true);
	const counted = isTight && holding.length > 1;
	const parts = [
		...(counted ? [checkPart({label: `${holding.length} of ${checks.length} preconditions hold`, ok: true}, ascii)] : []),
		...(counted ? checks.filter(({ok}) => ok !== true) : checks).map(check => checkPart(check, ascii)),
	];
	const lines: Line[] = [];
	for (const part of parts) {
		const last = lines.at(-1);
		const joined = line(last, '   ', part);
		if (last && lineWidth(joined) <= width) lines[lines.length - 1] = joined;
		else lines.push(...wrapped(line(' ', part), width));
	}
	return lines;
}

/** Why it cannot be run is never cut. */
function wrapped(whole: Line, width: number): readonly Line[] {
	if (lineWidth(whole) <= width) return [whole];
	const tone = whole.at(-1)?.tone ?? 'plain';
	const text = whole
		.map(part => part.text)
		.join('')
		.trimStart();
	return wrapText(text, width - 3).map((row, index) => line(index === 0 ? ' ' : '   ', {text: row, tone}));
}

function checkPart({label, ok, reason}: Check, ascii: boolean): Line {
	const glyphs = glyphsFor(ascii);
	if (ok === undefined) return line({text: '?', tone: 'warn'}, ` ${label}: not known`);
	if (ok) return line({text: glyphs.done, tone: 'good'}, ` ${label}`);
	return line({text: `${glyphs.failed} ${reason ?? label}`, tone: 'bad'});
}

/**
 * What can be pressed now. `hiddenBelow`: rows of the content that have not been on the screen yet; `isLow`: not all of it is, and what speaks
 * against it is said here, wherever the content is scrolled to.
 */
export function dialogPrompt(input: Input, hiddenBelow: number, isLow = false): readonly Line[] {
	const {dialog, checks, width, ascii} = input;
	if (dialog.phase === 'ended') return [endedPrompt(offeredUndo(dialog.result, input.nowMs) !== undefined, hiddenBelow)];
	if (dialog.phase === 'running') return [runningPrompt(dialog)];
	const failed = checks.find(({ok}) => ok === false);
	if (failed) {
		const why = isLow ? wrapped(line(' ', checkPart(failed, ascii)), width) : [];
		return [...why, line(' ', {text: 'It cannot be run now.', tone: 'bad'}, '   ', {text: 'Esc', tone: 'key'}, ' leave')];
	}
	return hiddenBelow > 0 ? [line(moreBelow(hiddenBelow), {text: 'Esc', tone: 'key'}, ' leave')] : askingPrompt(input);
}

function runningPrompt({request, isStopping}: DialogState): Line {
	if (request.stops === undefined)
		return line(' ', {text: 'Sent, waiting for the reply …', tone: 'accent'}, {text: '   Esc hides this; it goes on', tone: 'dim'});
	if (isStopping) return line(' ', {text: request.stops === 'batch' ? 'Stopping after this round …' : 'Stopping …', tone: 'warn'});
	const what = request.stops === 'batch' ? ' stop after this round' : ' stop';
	return line(' ', {text: 'Esc', tone: 'key'}, what, '      ', {text: 'h', tone: 'key'}, ' hide: it goes on');
}

const moreBelow = (hidden: number): Line =>
	line(' ', {text: `${hidden} more ${hidden === 1 ? 'line' : 'lines'} below: `, tone: 'warn'}, {text: 'Down', tone: 'key'}, ' shows them, ');

/** In one row whatever there is to say: the room above it is counted by that. */
function endedPrompt(canUndo: boolean, hiddenBelow: number): Line {
	const undo = canUndo && line(hiddenBelow > 0 ? '   ' : '      ', {text: 'u', tone: 'key'}, ' undo');
	return line(hiddenBelow > 0 ? moreBelow(hiddenBelow) : ' ', {text: 'Esc', tone: 'key'}, ' back', undo);
}

function askingPrompt({dialog, nowMs}: Input): readonly Line[] {
	const {request} = dialog;
	const isDeaf = nowMs - dialog.openedAtMs < dialogDeafMs;
	if (request.word !== undefined) {
		return [
			line(
				' ',
				{text: `Type ${request.word} to run it: `},
				{text: dialog.typed, tone: 'strong'},
				{text: ' ', inverse: true},
				isDeaf && {text: '  not listening yet', tone: 'dim'},
			),
			line(' ', {text: 'Enter', tone: 'key'}, ' run it   ', {text: 'Esc', tone: 'key'}, ' leave'),
		];
	}
	const yes = isDeaf ? line({text: 'y run it (not listening yet)', tone: 'dim'}) : line({text: 'y', tone: 'key'}, ' run it');
	return [line(' ', yes, '      ', {text: 'Esc', tone: 'key'}, ' leave      ', {text: 'c', tone: 'key'}, ' copy the command')];
}

const outcomeTones: Record<ActionResult['outcome'], Tone> = {
	done: 'good',
	unverified: 'warn',
	unknown: 'warn',
	failed: 'bad',
	refused: 'warn',
	cancelled: 'dim',
};

function resultLines(
	result: ActionResult,
	{dialog, session, width, nowMs}: Input,
	block: (name: string, texts: readonly string[]) => readonly Line[],
): readonly Line[] {
	const [first = '', ...rest] = wrapText(result.detail, width - 16);
	const undo = offeredUndo(result, nowMs);
	return [
		line(' ', {text: ` ${result.outcome.toUpperCase()} `, tone: outcomeTones[result.outcome], inverse: true}, ` ${first}`),
		...rest.map(text => line(' '.repeat(result.outcome.length + 4), text)),
		...block('now', result.next),
		...(undo ? block('undo', planTexts({plan: undo, places: [], goesOn: undefined})) : []),
		...block('output', dialog.request.stops === 'sampling' ? result.output : result.output.slice(-shownOutput)),
		...block(auditLabel, [session.auditFile]),
	];
}
