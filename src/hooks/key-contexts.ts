import type {Context} from '../keymap/keymap.ts';
import {offeredUndo} from '../store/dialog.ts';
import {shownQueue} from '../store/opened-queue.ts';
import {pointedServer} from '../store/pointed-server.ts';
import type {ConsoleState} from '../store/store.ts';
import {isSurveying} from '../store/survey.ts';
import type {PaneName} from '../store/ui.ts';

/** Who hears a key now, innermost first. A dialog or an overlay traps: what lies behind it is not in the list. */
export function keyContexts(state: ConsoleState): readonly Context[] {
	const {ui, findings, survey, session, nowMs} = state;
	if (ui.dialog) return [dialogContext(ui.dialog), ...(offeredUndo(ui.dialog.result, nowMs) ? ['dialog-undo' as const] : []), 'always'];
	switch (ui.overlay?.kind) {
		case undefined:
			return [timeContext(state), ...paneContexts(ui, survey), ...(session.home ? (['away'] as const) : []), 'global', 'views', 'always'];
		case 'palette':
			return ['palette', 'text', 'always'];
		case 'filter':
		case 'note':
		case 'word':
			return ['text', 'always'];
		case 'form':
			return ['form', 'text', 'always'];
		case 'preparing':
			return ['preparing', 'always'];
		case 'finding':
			return findingContexts(findings, ui.overlay.findingId);
		case 'recovery':
			return ['recovery', 'views', 'always'];
		case 'detail':
			return [...detailContexts(state, ui.overlay.pane), 'overlay', 'views', 'always'];
		case 'output':
		case 'help':
			return ['overlay', 'views', 'always'];
	}
}

/** In a window that shows nothing. Where something is being typed or asked, a letter may be meant for that. */
export const crampedContexts = ({ui}: Pick<ConsoleState, 'ui'>): readonly Context[] => (ui.dialog || ui.overlay ? ['always'] : ['cramped', 'always']);

/** First of all: in the past Esc leads to the present, whatever is shown of it. */
const timeContext = ({playback}: ConsoleState): Context => playback?.kind ?? 'present';

/** A finding that has ended has nothing to choose from; of one of another server there is the way there. */
function findingContexts(findings: ConsoleState['findings'], id: string): readonly Context[] {
	const finding = findings.find(other => other.id === id);
	if (!finding) return ['overlay', 'views', 'always'];
	return [...(finding.node === undefined ? [] : (['finding-elsewhere'] as const)), 'finding', 'views', 'always'];
}

/** What can be done with what is open. */
function detailContexts(state: ConsoleState, pane: PaneName): readonly Context[] {
	if (isElsewhere(state)) return ['server'];
	return pane === 'clients' && state.ui.markedClientIds.size === 0 ? ['client'] : [];
}

/** The details are those of another server. */
function isElsewhere(state: ConsoleState): boolean {
	const where = state.ui.focus === 'ha' ? pointedServer(state) : undefined;
	return where !== undefined && where !== state.session.target.address;
}

function paneContexts(ui: ConsoleState['ui'], survey: ConsoleState['survey']): readonly Context[] {
	const queue = shownQueue(ui);
	if (queue) return [queue.job ? 'job' : 'queue'];
	return ui.focus === 'memory' && isSurveying(survey) ? ['memory-surveying', 'memory'] : [ui.focus];
}

function dialogContext({phase, request}: NonNullable<ConsoleState['ui']['dialog']>): Context {
	if (phase === 'running') return request.stops === undefined ? 'dialog-running' : 'dialog-batch';
	if (phase === 'ended') return 'dialog-ended';
	return request.word === undefined ? 'dialog' : 'dialog-word';
}

/** A printable key types into a text field instead of meaning nothing. */
export const takesText = (contexts: readonly Context[]): boolean => contexts.some(context => context === 'text' || context === 'dialog-word');
