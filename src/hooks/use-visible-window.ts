import {useState} from 'react';
import {visibleWindow, type Window} from './visible-window.ts';

/** `list`: what the rows are of, where one pane shows several lists; another one is shown from its top. */
export function useVisibleWindow(total: number, height: number, selected: number, list = ''): Window {
	const [shown, setShown] = useState({from: 0, list});
	const next = visibleWindow(total, height, selected, shown.list === list ? shown.from : 0);
	// React's "adjust state while rendering": converges in one extra pass, without an effect and a flash of the wrong rows.
	if (next.from !== shown.from || shown.list !== list) setShown({from: next.from, list});
	return next;
}
