import {createContext, useContext} from 'react';
import {useStore} from 'zustand';
import type {ReadableStore} from '../store/paced-store.ts';
import type {Snapshot} from '../store/snapshot.ts';
import {type ConsoleState, shownSnapshot} from '../store/store.ts';

export const StoreContext = createContext<ReadableStore | undefined>(undefined);

/** Read a slice as it is: a selector must not build anything, or every render would differ from the last. */
export function useConsole<T>(select: (state: ConsoleState) => T): T {
	const store = useContext(StoreContext);
	if (!store) throw new Error('StoreContext is missing above this component');
	return useStore(store, select);
}

/** The snapshot that panes show: the present one, or the one a freeze has kept. */
export const useShown = <T>(select: (snapshot: Snapshot) => T): T => useConsole(state => select(shownSnapshot(state)));
