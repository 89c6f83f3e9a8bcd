import type {ServerState} from '../../store/server-state.ts';

/** The server's own words fill a page, and begin with what is no way out for whoever is not there. */
const protectedMode =
	'Protected mode: without a password it takes connections from its own machine only. There: give it one (requirepass), or CONFIG SET protected-mode no';

/** What a state means and what to do about it, where no finding says more. */
export function stateAdvice({kind, detail, failure}: ServerState, gaps: readonly string[]): string {
	switch (kind) {
		case 'OK':
			return gaps.length === 0
				? 'No finding: nothing is wrong as far as the console can see'
				: `It answers, but not everything can be seen. Refused here: ${gaps.join(', ')}`;
		case 'CONNECTING':
			return 'Connecting …';
		case 'NOAUTH':
			return 'The server wants a password: start again with --askpass, -a or REDISCLI_AUTH';
		case 'WRONGPASS':
			return 'The server refused user or password: start again with --user and --askpass';
		case 'NOPERM':
			return failure === 'denied' ? protectedMode : `This user may run neither PING nor INFO: ${detail}`;
		case 'READONLY':
			return 'A read-only replica: writes are refused here, look for the master';
		case 'LOADING':
			return 'The server reads its data from disk; until it is done it refuses nearly everything';
		case 'MASTERDOWN':
			return 'A replica that has lost its master and is set to answer nothing (replica-serve-stale-data no)';
		case 'MISCONF':
			return `Writes are refused because saving to disk fails: ${detail}`;
		case 'OOM':
			return 'Writes are refused: used memory is at maxmemory and nothing can be evicted';
		default:
			return detail;
	}
}
