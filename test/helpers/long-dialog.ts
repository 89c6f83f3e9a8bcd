import type {DialogState} from '../../src/store/dialog.ts';
import {noonMs} from './fixtures.ts';

/** One with more to say than fits on an ordinary screen. */
export function longDialog(change: Partial<DialogState> = {}): DialogState {
	return {
		request: {
			actionId: 'config.maxmemory',
			title: 'Change the memory limit',
			danger: 'disruptive',
			facts: Array.from({length: 30}, (_, index) => [`fact ${index}`, 'value'] as const),
			plan: [['CONFIG', 'SET', 'maxmemory', '1']],
			goesOn: undefined,
			places: [],
			effect: ['it is changed'],
			affects: 'nobody',
			cost: 'none',
			undo: 'CONFIG SET maxmemory 2',
			checks: () => [{label: 'it is still 2', ok: true}],
			word: undefined,
			isProduction: false,
			stops: undefined,
		},
		openedAtMs: noonMs - 1000,
		phase: 'asking',
		typed: '',
		isSeen: false,
		offset: 0,
		progress: undefined,
		isStopping: false,
		result: undefined,
		...change,
	};
}
