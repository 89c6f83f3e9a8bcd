import type {FailureSample} from '../queues/failure-groups.ts';
import {shownReasons} from './opened-queue.ts';
import type {Resource} from './resource.ts';
import type {ConsoleState} from './store.ts';
import type {UiChange} from './ui-lists.ts';

/** What the field under the cursor of a form can be chosen from; undefined: nothing, it is typed. */
export function formChoices({ui, opened}: Pick<ConsoleState, 'ui' | 'opened'>): Resource<FailureSample> | undefined {
	const {overlay} = ui;
	if (overlay?.kind !== 'form' || !overlay.queue) return undefined;
	return overlay.fields[overlay.index]?.choices === 'reasons' ? shownReasons(opened, overlay.queue) : undefined;
}

/** Put the next or the one before into the field, round and round; empty is one of them. */
export const stepChoice =
	(step: number): UiChange =>
	state => {
		const {overlay} = state.ui;
		const groups = formChoices(state)?.data?.groups ?? [];
		if (overlay?.kind !== 'form' || groups.length === 0) return {};
		const values = ['', ...groups.map(({shape}) => shape)];
		// What was typed itself is none of them: from there it begins anew.
		const at = Math.max(0, values.indexOf(overlay.fields[overlay.index]?.value ?? ''));
		const value = values[(at + step + values.length) % values.length] ?? '';
		return {overlay: {...overlay, fields: overlay.fields.map((field, index) => (index === overlay.index ? {...field, value} : field))}};
	};
