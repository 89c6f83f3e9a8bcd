import type {Plan} from '../../store/dialog.ts';
import {type ScriptItem, scriptItems, selectedItem} from '../../store/lists.ts';
import type {ConsoleState} from '../../store/store.ts';

/** The command that what one looks at stands for: the dialog's, the remedy's, the client's kill, the slow command itself. */
export function literalCommand(state: ConsoleState, planOf: (actionId: string) => Plan | undefined): Plan | undefined {
	const {ui, findings} = state;
	if (ui.dialog) return ui.dialog.request.plan;
	if (ui.overlay?.kind === 'finding') {
		const {findingId, index} = ui.overlay;
		const remedies = findings.find(({id}) => id === findingId)?.remedies ?? [];
		const id = remedies[Math.min(index, remedies.length - 1)];
		return id === undefined ? undefined : planOf(id);
	}
	return ui.focus === 'clients' ? planOf('client.kill') : scriptCommand(state, planOf);
}

function scriptCommand(state: ConsoleState, planOf: (actionId: string) => Plan | undefined): Plan | undefined {
	const item = selectedItem<ScriptItem>(state, 'scripts', scriptItems(state));
	return item?.kind === 'entry' ? [item.entry.args] : planOf('script.kill');
}
