import {keyContexts} from '../../hooks/key-contexts.ts';
import {useConsole} from '../../hooks/use-console.ts';
import {keyLabel} from '../../keymap/key-label.ts';
import {type Binding, bindingsIn, type Context} from '../../keymap/keymap.ts';
import {type DialogState, dialogDeafMs} from '../../store/dialog.ts';
import {formChoices} from '../../store/form-choices.ts';
import {paneItems, paneLists} from '../../store/lists/pane-lists.ts';
import {shownQueue, uselessInQueue} from '../../store/opened-queue.ts';
import {watchedAt} from '../../store/playback.ts';
import {pointedServer} from '../../store/pointed-server.ts';
import {openFinding} from '../../store/remedies.ts';
import type {ActionStatus, ConsoleState} from '../../store/store.ts';
import {isSurveying} from '../../store/survey.ts';
import {formatSeconds} from '../../text/format.ts';
import {cellWidth} from '../../text/safe-text.ts';
import {type Line, line, lineWidth, spread} from '../kit/line.ts';
import {Rows} from '../kit/rows.tsx';
import {useTheme} from '../kit/theme.tsx';
import {layoutDialog} from '../overlays/dialog-layout.ts';
import {openFindingLayout} from '../overlays/finding-layout.ts';
import {queueRemedies} from './queue-remedies.ts';

type Props = {readonly width: number};

const noticeForMs = 8000;

/** The keys that work here now, from the keymap; an action that cannot run is dim, in parentheses, and says why where there is room. */
export function Footer({width}: Props) {
	const {ascii} = useTheme();
	const contextNames = useConsole(contextsAsText);
	const actions = useConsole(state => state.actions);
	const hidden = useConsole(uselessCommands);
	const first = useConsole(firstCommands);
	const contexts = contextNames.split(' ') as Context[];
	return <Rows lines={[footerLine({contexts, actions, width, ascii, hidden: hidden.split(' '), first: first.split(' ')})]} width={width} />;
}

/** Keys that would do nothing now, as text: a yes that would only be refused, a choice among no remedies. */
function uselessCommands({ui, findings, ...state}: ConsoleState): string {
	if (ui.dialog?.phase === 'asking') return mayAccept({ui, findings, ...state}, ui.dialog) ? '' : 'dialog.accept dialog.accept-word';
	const {overlay} = ui;
	if (overlay?.kind === 'form') return formChoices({ui, opened: state.opened}) ? '' : 'form.next-choice';
	if (overlay?.kind === 'finding') return uselessInFinding({ui, findings, ...state});
	return `${uselessFindings(findings.length)} ${uselessInPane({ui, findings, ...state})}`;
}

/** Nothing refuses it, the dialog listens already, and all of it has been seen. */
function mayAccept(state: ConsoleState, dialog: DialogState): boolean {
	const isRefused = dialog.request.checks(state).some(({ok}) => ok === false);
	return !isRefused && state.nowMs - dialog.openedAtMs >= dialogDeafMs && layoutDialog(state, false)?.unseen === 0;
}

function uselessInFinding(state: ConsoleState): string {
	const open = openFinding(state);
	const canMove = (open?.remedies.length ?? 0) > 1 || (openFindingLayout(state)?.lastOffset ?? 0) > 0;
	return [open?.chosen ? '' : 'remedy.run copy', canMove ? '' : 'scroll.down scroll.up', state.findings.length > 1 ? '' : 'finding.next'].join(' ');
}

function uselessFindings(count: number): string {
	if (count === 0) return 'finding.next finding.open';
	return count === 1 ? 'finding.next' : '';
}

function uselessInPane(state: ConsoleState): string {
	const {ui, opened, snapshot} = state;
	const queue = shownQueue(ui);
	const isStuck = snapshot.server.kind === 'BUSY' || snapshot.server.kind === 'SILENT';
	if (queue) return `filter sort.next group ${isStuck ? '' : 'action.script.kill'} ${uselessInQueue(opened, queue)}`;
	const {groupings, orders} = paneLists[ui.focus];
	const isAlone = paneItems(state, ui.focus).length === 0;
	// K closes clients in their pane, and stops a script everywhere: where none is stuck only the first pane has the hint.
	return [
		groupings.length === 0 ? 'group' : '',
		orders.length < 2 ? 'sort.next' : '',
		isAlone && ui.view !== 'overview' ? 'open' : '',
		ui.focus === 'scripts' || isStuck ? '' : 'action.script.kill',
		isSurveying(state.survey) ? 'survey.start' : '',
		hasWay(state, isAlone) ? '' : 'server.go',
	].join(' ');
}

/** There is another server to go to from here. */
const hasWay = (state: ConsoleState, isAlone: boolean): boolean => (state.ui.focus === 'queues' ? pointedServer(state) !== undefined : !isAlone);

/** As text, so that equal contexts are the same value to React. */
const contextsAsText = (state: ConsoleState): string => keyContexts(state).join(' ');

/** News above the footer until the next or until it is old; the filter while it is typed. */
export function NoticeLine({width}: Props) {
	const notice = useConsole(state => state.ui.notice);
	const overlay = useConsole(state => state.ui.overlay);
	const panes = useConsole(state => state.ui.panes);
	const nowMs = useConsole(watchedAt);
	const hidden = useConsole(state => state.ui.hidden);
	const isFresh = notice !== undefined && nowMs - notice.atMs < noticeForMs;
	const content =
		overlay?.kind === 'filter'
			? line(
					' ',
					{text: '/', tone: 'key'},
					{text: endOf(panes[overlay.pane].filter, width - 4)},
					{text: ' ', inverse: true},
					{text: '  words that must occur; Enter keeps, Esc clears', tone: 'dim'},
				)
			: overlay?.kind === 'note'
				? line(
						' ',
						{text: 'note ', tone: 'key'},
						{text: endOf(overlay.typed, width - 8)},
						{text: ' ', inverse: true},
						{text: '  Enter puts it into the timeline, Esc leaves', tone: 'dim'},
					)
				: line(' ', isFresh ? {text: notice.text, tone: notice.tone} : hidden && {text: hiddenText(hidden, nowMs), tone: 'warn'});
	return <Rows lines={[content]} width={width} />;
}

const hiddenText = ({title, sinceMs}: NonNullable<ConsoleState['ui']['hidden']>, nowMs: number): string =>
	`${title}: under way, put away ${formatSeconds(Math.max(0, Math.floor((nowMs - sinceMs) / 1000)))} ago; how it ends is told here`;

/** The end of what is being typed is what one looks at. */
function endOf(text: string, width: number): string {
	let shown = text;
	while (cellWidth(shown) > width) shown = [...shown].slice(1).join('');
	return shown;
}

const firstCommands = (state: ConsoleState): string => queueRemedies(state).join(' ');

type Hints = {
	readonly contexts: readonly Context[];
	readonly actions: readonly ActionStatus[];
	readonly width: number;
	readonly ascii: boolean;
	readonly hidden: readonly string[];
	/** What comes before all others, wherever its place is else. */
	readonly first: readonly string[];
};

function footerLine({contexts, actions, width, ascii, hidden, first}: Hints): Line {
	const place = ({command, footer = 0}: Binding) => (first.includes(command) ? first.indexOf(command) - first.length : footer);
	const hints = bindingsIn(contexts)
		.filter(({footer, command}) => footer !== undefined && !hidden.includes(command))
		.toSorted((a, b) => place(a) - place(b));
	// Help and quit are what one looks for when lost: they never give way.
	const always = hints.filter(({command}) => command === 'help' || command === 'quit' || command === 'palette').map(binding => hint(binding, actions, false));
	const right = line(...always.flatMap(part => [part, '  ']));
	const others = hints.filter(({command}) => command !== 'help' && command !== 'quit' && command !== 'palette');
	const room = width - lineWidth(right) - 1;
	// A key that cannot be used says why where there is room for a reason at all; the last of the others give way to it.
	const left = fitting(
		others.map((binding, index) => {
			const inFull = hint(binding, actions, true);
			// A reason that is too long for the row would push out every key behind it.
			return index === 0 && width >= 100 && lineWidth(inFull) < room ? inFull : hint(binding, actions, false);
		}),
		room,
	);
	return spread(left, right, width, {ascii});
}

function fitting(hints: readonly Line[], room: number): Line {
	let fitted: Line = [];
	for (const part of hints) {
		const next = line(fitted, fitted.length === 0 ? ' ' : '  ', part);
		if (lineWidth(next) > room) break;
		fitted = next;
	}
	return fitted;
}

function hint({keys, label, command}: Binding, actions: readonly ActionStatus[], showsReason: boolean): Line {
	const status = actions.find(({id}) => command === `action.${id}`);
	const key = keyLabel(keys[0] ?? '');
	if (status?.refusal === undefined) return line({text: key, tone: 'key'}, ` ${label}`);
	// Without its reason the parentheses tell, where colours do not.
	return line({text: showsReason ? `${key} ${label} (${status.refusal})` : `(${key} ${label})`, tone: 'dim'});
}
