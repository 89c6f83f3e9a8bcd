import {createStore} from 'zustand/vanilla';
import {type Playback, playbackRefusal} from './playback.ts';
import type {ConsoleState, ConsoleStore} from './store.ts';

/** Another moment of the same console: all that is not the view. */
type Moment = Omit<ConsoleState, 'actions' | 'waysBack' | 'undos' | 'playback' | 'ui'>;

/** A moment of a recording, and where in it that is. */
export type Shift = {readonly moment: Moment; readonly position: Omit<Playback, 'present' | 'watchedAtMs'>};

export type ShiftedStore = {
	/** What the screen shows, and what keys change. */
	readonly store: ConsoleStore;
	/** Show another moment than the present; undefined: the present again. */
	readonly show: (shift: Shift | undefined) => void;
};

/**
 * A store that shows the present, or another moment in its place. The present goes on behind it. The view is one and the same; nothing else can
 * be changed while the present is not shown.
 */
export function shiftedStore(present: ConsoleStore): ShiftedStore {
	let shift: Shift | undefined;
	const shown = createStore<ConsoleState>(() => present.getState());
	const update = () => shown.setState(shift ? shifted(present.getState(), shift) : present.getState(), true);
	present.subscribe((now, before) => {
		if (!shift || now.ui !== before.ui || now.nowMs - (shown.getState().playback?.watchedAtMs ?? 0) >= 1000) update();
	});
	const setState: ConsoleStore['setState'] = change => {
		const part = typeof change === 'function' ? change(shown.getState()) : change;
		if (!shift) present.setState(part);
		else if (part.ui) present.setState({ui: part.ui});
	};
	return {
		store: {...shown, setState},
		show(next) {
			shift = next;
			update();
		},
	};
}

/** What could be done in the past, and taken back, is no matter of now. */
function shifted({ui, actions, waysBack, snapshot, nowMs}: ConsoleState, {moment, position}: Shift): ConsoleState {
	const playback = {...position, present: snapshot.server, watchedAtMs: nowMs};
	const refusal = playbackRefusal(playback);
	return {...moment, ui, actions: actions.map(action => ({...action, refusal, isReadOnly: true})), waysBack, undos: [], playback};
}
