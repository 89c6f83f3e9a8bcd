import {builtInActions} from '../actions/registry.ts';
import type {AnyAction} from '../actions/types.ts';

/** The table of actions as `redis-triage actions` prints it: plain text, or JSON for tools. */
export function actionsText(asJson: boolean): string {
	const rows = builtInActions.map(toRow);
	if (asJson) return `${JSON.stringify(rows, undefined, '\t')}\n`;
	return rows.map(rowText).join('\n');
}

/** `on` is what `--on` names, null where there is nothing to name; `params` are what `--set` takes. */
const toRow = ({id, danger, title, doc, on, params = []}: AnyAction) => ({
	id,
	danger,
	title,
	on: on ?? null,
	params: params.map(({name, hint}) => ({name, hint})),
	...doc,
});

function rowText({id, danger, on, params, does, sends, cost, verify, undo}: ReturnType<typeof toRow>): string {
	return [
		`${id}  (${danger})`,
		`  does    ${does}`,
		`  sends   ${sends}`,
		...(on === null ? [] : [`  --on    ${on}`]),
		...params.map(({name, hint}) => `  --set   ${name}=  ${hint}`),
		`  cost    ${cost}`,
		`  verify  ${verify}`,
		`  undo    ${undo}`,
		'',
	].join('\n');
}
