import {expect, it} from 'vitest';
import {StoreContext} from '../../../src/hooks/use-console.ts';
import type {CommandStat} from '../../../src/redis/parse/command-stats.ts';
import {received} from '../../../src/store/resource.ts';
import {changeUi, uiCommands} from '../../../src/store/ui-commands.ts';
import {ScriptsPane} from '../../../src/views/scripts/scripts-pane.tsx';
import {noonMs, slowlogEntry, storeWith} from '../../helpers/fixtures.ts';
import {openTerminal} from '../../helpers/terminal.tsx';

const stat = (name: string, totalMicros: number): CommandStat => ({name, calls: 1, totalMicros, microsPerCall: totalMicros, rejectedCalls: 0, failedCalls: 0});

function open(stats: readonly CommandStat[], showsStatistics = true) {
	const slowlog = Array.from({length: 60}, (_, index) => slowlogEntry({id: index, atMs: noonMs - index * 1000, args: ['GET', `key:${index}`]}));
	const store = storeWith({slowlog, snapshot: {commandStats: received(stats, noonMs)}, ui: {view: 'scripts', focus: 'scripts', showsStatistics}});
	const terminal = openTerminal(
		<StoreContext.Provider value={store}>
			<ScriptsPane width={100} height={14} isFramed={false} isFocused />
		</StoreContext.Provider>,
		{columns: 100, rows: 14},
	);
	const press = async (...commands: readonly string[]) => {
		for (const command of commands) changeUi(store, uiCommands[command] ?? (() => ({})));
		await terminal.settle();
		return terminal.frame();
	};
	return {terminal, press};
}

it('shows another list from its top, wherever the last one was scrolled to', async () => {
	const {terminal, press} = open(
		Array.from({length: 60}, (_, index) => stat(`command-${index}`, 6000 - index)),
		false,
	);
	expect(await press('list.last')).toContain('key:59');
	const statistics = await press('scripts.statistics');
	expect(statistics).toContain('command-0 ');
	expect(statistics).not.toContain('▸');
	expect(await press('list.last')).toContain('command-59');
	expect(await press('scripts.statistics')).toContain('key:0');
	terminal.unmount();
});

it('tells shares below a tenth of a percent from those of it', async () => {
	const {terminal, press} = open([stat('eval', 998_475), stat('get', 1000), stat('ping', 509), stat('auth', 13), stat('echo', 3), stat('time', 0)]);
	const frame = await press();
	const shareOf = (name: string) => new RegExp(`${name} .* (\\S+%)`).exec(frame)?.[1];
	expect(['eval', 'get', 'ping', 'auth', 'echo', 'time'].map(shareOf)).toEqual(['99.8%', '0.1%', '<0.1%', '<0.1%', '<0.1%', '0%']);
	terminal.unmount();
});
