import {keyContexts} from '../../hooks/key-contexts.ts';
import {useConsole} from '../../hooks/use-console.ts';
import {type Binding, bindingsIn, type Context, keyLabel} from '../../keymap/keymap.ts';
import type {ActionStatus, ConsoleState} from '../../store/store.ts';
import {type Line, line, lineWidth, spread} from '../kit/line.ts';
import {Rows} from '../kit/rows.tsx';
import {useTheme} from '../kit/theme.tsx';

type Props = {readonly width: number};

const noticeForMs = 8000;

/** The keys that work here now, from the keymap; an action that cannot run is dim and says why where there is room. */
export function Footer({width}: Props) {
	const {ascii} = useTheme();
	const contextNames = useConsole(contextsAsText);
	const actions = useConsole(state => state.actions);
	const isHopeless = useConsole(dialogIsHopeless);
	const contexts = contextNames.split(' ') as Context[];
	return <Rows lines={[footerLine(contexts, actions, width, ascii, isHopeless ? acceptCommands : [])]} width={width} />;
}

const acceptCommands = ['dialog.accept', 'dialog.accept-word'] as const;

/** The dialog says what stands in the way: a yes that would only be refused is not offered. */
const dialogIsHopeless = (state: ConsoleState): boolean =>
	state.ui.dialog?.phase === 'asking' && state.ui.dialog.request.checks(state).some(({ok}) => ok === false);

/** As text, so that equal contexts are the same value to React. */
const contextsAsText = (state: ConsoleState): string => keyContexts(state).join(' ');

/** News above the footer until the next or until it is old; the filter while it is typed. */
export function NoticeLine({width}: Props) {
	const notice = useConsole(state => state.ui.notice);
	const overlay = useConsole(state => state.ui.overlay);
	const panes = useConsole(state => state.ui.panes);
	const nowMs = useConsole(state => state.nowMs);
	const isFresh = notice !== undefined && nowMs - notice.atMs < noticeForMs;
	const content =
		overlay?.kind === 'filter'
			? line(
					' ',
					{text: '/', tone: 'key'},
					{text: panes[overlay.pane].filter},
					{text: ' ', inverse: true},
					{text: '  words that must occur; Enter keeps, Esc clears', tone: 'dim'},
				)
			: line(' ', isFresh && {text: notice.text, tone: notice.tone});
	return <Rows lines={[content]} width={width} />;
}

function footerLine(contexts: readonly Context[], actions: readonly ActionStatus[], width: number, ascii: boolean, hidden: readonly string[] = []): Line {
	const hints = bindingsIn(contexts)
		.filter(({footer, command}) => footer !== undefined && !hidden.includes(command))
		.toSorted((a, b) => (a.footer ?? 0) - (b.footer ?? 0));
	// Help and quit are what one looks for when lost: they never give way.
	const always = hints.filter(({command}) => command === 'help' || command === 'quit' || command === 'palette').map(binding => hint(binding, actions, false));
	const right = line(...always.flatMap(part => [part, '  ']));
	let left: Line = [];
	for (const binding of hints.filter(({command}) => command !== 'help' && command !== 'quit' && command !== 'palette')) {
		const isFirst = left.length === 0;
		const next = line(left, isFirst ? ' ' : '  ', hint(binding, actions, isFirst && width >= 100));
		if (lineWidth(next) + lineWidth(right) + 1 > width) break;
		left = next;
	}
	return spread(left, right, width, {ascii});
}

function hint({keys, label, command}: Binding, actions: readonly ActionStatus[], showsReason: boolean): Line {
	const status = actions.find(({id}) => command === `action.${id}`);
	const key = keyLabel(keys[0] ?? '');
	if (status?.refusal === undefined) return line({text: key, tone: 'key'}, ` ${label}`);
	return line({text: `${key} ${label}${showsReason ? ` (${status.refusal})` : ''}`, tone: 'dim'});
}
