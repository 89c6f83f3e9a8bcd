import {paletteEntries} from '../../hooks/palette.ts';
import type {ConsoleState} from '../../store/store.ts';
import type {UiState} from '../../store/ui.ts';
import {withinFinding} from '../../views/overlays/finding-layout.ts';

/** News of one place mean nothing in the next. */
export const withoutOldNotice = (change: Partial<UiState>): Partial<UiState> =>
	'notice' in change || !('view' in change || 'overlay' in change) ? change : {...change, notice: undefined};

/** A cursor stops at the last entry: keys pressed beyond it would have to be pressed back. */
export function withinList(state: ConsoleState, change: Partial<UiState>): Partial<UiState> {
	const {overlay} = change;
	if (overlay?.kind === 'palette')
		return {...change, overlay: {...overlay, index: Math.min(overlay.index, Math.max(0, paletteEntries(state, overlay.query).length - 1))}};
	return overlay?.kind === 'finding' ? {...change, overlay: withinFinding(state, overlay)} : change;
}
