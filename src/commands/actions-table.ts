import {builtInActions} from '../actions/registry.ts';

/** The table of actions as `redis-triage actions` prints it: plain text, or JSON for tools. */
export function actionsText(asJson: boolean): string {
	const rows = builtInActions.map(({id, danger, title, doc}) => ({id, danger, title, ...doc}));
	if (asJson) return `${JSON.stringify(rows, undefined, '\t')}\n`;
	return rows
		.map(({id, danger, does, sends, cost, verify, undo}) =>
			[`${id}  (${danger})`, `  does    ${does}`, `  sends   ${sends}`, `  cost    ${cost}`, `  verify  ${verify}`, `  undo    ${undo}`, ''].join('\n'),
		)
		.join('\n');
}
