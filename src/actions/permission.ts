import type {Check, Plan} from '../store/dialog.ts';
import {commandText} from '../text/command-text.ts';
import {ask, type Reading} from './trips.ts';

/**
 * May this user run these, with these keys? Asked of the server itself (ACL DRYRUN, 7.0 and newer, needs a grant of its own); undefined where
 * it cannot tell. What a script does counts too: refused in its middle, it would leave its work half done.
 */
export function* permissionCheck(argvs: Plan): Reading<Check | undefined> {
	const [user] = yield* ask([['ACL', 'WHOAMI']]);
	if (typeof user !== 'string') return undefined;
	const distinct = [...new Map(argvs.map(argv => [argv.slice(0, 2).join(' '), argv])).values()];
	const verdicts = yield* ask(distinct.map(argv => ['ACL', 'DRYRUN', user, ...argv]));
	if (verdicts.every(verdict => verdict instanceof Error)) return undefined;
	const refused = verdicts.findIndex(verdict => verdict !== 'OK' && !(verdict instanceof Error));
	const words = commandText((distinct[refused] ?? []).slice(0, 3));
	return {label: 'you may run all of it, on these keys', ok: refused < 0, reason: `This user may not run ${words}: ${String(verdicts[refused])}`};
}
