import {useState} from 'react';
import {visibleWindow, type Window} from './visible-window.ts';

export function useVisibleWindow(total: number, height: number, selected: number): Window {
	const [from, setFrom] = useState(0);
	const next = visibleWindow(total, height, selected, from);
	// React's "adjust state while rendering": converges in one extra pass, without an effect and a flash of the wrong rows.
	if (next.from !== from) setFrom(next.from);
	return next;
}
