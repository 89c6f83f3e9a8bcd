import type {Plan} from '../../store/dialog.ts';
import {type MemoryItem, memoryItems} from '../../store/lists/memory-list.ts';
import {selectedItem} from '../../store/lists/pane-lists.ts';
import {type ScriptItem, scriptItems} from '../../store/lists/script-list.ts';
import type {ConsoleState} from '../../store/store.ts';
import type {PaneName} from '../../store/ui.ts';

type PlanOf = (actionId: string) => Plan | undefined;

/** The command that what one looks at stands for: the dialog's, the remedy's, the client's kill, the slow command itself. */
export function literalCommand(state: ConsoleState, planOf: PlanOf): Plan | undefined {
	const {ui, findings} = state;
	if (ui.dialog) return ui.dialog.request.plan;
	if (ui.overlay?.kind === 'finding') {
		const {findingId, index} = ui.overlay;
		const remedies = findings.find(({id}) => id === findingId)?.remedies ?? [];
		const id = remedies[Math.min(index, remedies.length - 1)];
		return id === undefined ? undefined : planOf(id);
	}
	return paneCommands[ui.focus]?.(state, planOf);
}

const paneCommands: Readonly<Partial<Record<PaneName, (state: ConsoleState, planOf: PlanOf) => Plan | undefined>>> = {
	scripts: scriptCommand,
	clients: (_state, planOf) => planOf('client.kill'),
	memory: memoryCommand,
};

function scriptCommand(state: ConsoleState, planOf: PlanOf): Plan | undefined {
	const item = selectedItem<ScriptItem>(state, 'scripts', scriptItems(state));
	return item?.kind === 'entry' ? [item.entry.args] : planOf('script.kill');
}

/** To look for oneself: what a large key takes. */
function memoryCommand(state: ConsoleState): Plan | undefined {
	const item = selectedItem<MemoryItem>(state, 'memory', memoryItems(state));
	return item?.kind === 'key' ? [['MEMORY', 'USAGE', item.key.name, 'SAMPLES', '5']] : undefined;
}
