import {hookActions} from '../actions/hooks/hook-actions.ts';
import {registryOf} from '../actions/registry.ts';
import type {AnyAction} from '../actions/types.ts';
import {loadConfig} from '../config/load-config.ts';
import {ConfigError} from '../config/problem.ts';
import type {Environment} from './flags.ts';

type Options = {readonly json: boolean; readonly configFile: string | undefined; readonly env: Environment; readonly homeFolder: string};

/** `message` is for stderr. */
type Printed = {readonly text: string; readonly message: string | undefined};

/**
 * The table of actions as `redis-triage actions` prints it, with the hooks of the config file: plain text, or JSON for tools. A file that nobody named
 * hides no more than its own hooks; rejects with the ConfigError of one that was.
 */
export async function actionsTable({json, ...where}: Options): Promise<Printed> {
	const {hooks, message} = await readHooks(where);
	const rows = registryOf(hooks).all.map(toRow);
	return {text: json ? `${JSON.stringify(rows, undefined, '\t')}\n` : rows.map(rowText).join('\n'), message};
}

async function readHooks(where: Omit<Options, 'json'>): Promise<{readonly hooks: readonly AnyAction[]; readonly message: string | undefined}> {
	try {
		return {hooks: hookActions((await loadConfig(where)).hooks), message: undefined};
	} catch (error) {
		if (!(error instanceof ConfigError) || where.configFile !== undefined) throw error;
		const [first = error.message, ...others] = error.problems;
		const more = others.length === 0 ? '' : ` (and ${others.length} more)`;
		return {
			hooks: [],
			message: `redis-triage: ${first}${more}: the hooks of this file are not listed; redis-triage check --config-only says when it is in order`,
		};
	}
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
