import type {QueueStatus} from '../../queues/types.ts';
import type {Check} from '../../store/dialog.ts';
import type {ConsoleState} from '../../store/store.ts';
import {mayRun, serverAnswers, takesWrites} from '../checks.ts';

/** What every script on a queue needs of the server. */
export const scriptChecks = (now: ConsoleState): readonly Check[] => [serverAnswers(now), takesWrites(now), mayRun(now, 'SCRIPT LOAD'), mayRun(now, 'EVALSHA')];

/** The queue as last seen; undefined: it has gone. */
export const statusOf = ({base}: {readonly base: string}, {snapshot}: ConsoleState): QueueStatus | undefined =>
	snapshot.queues.data?.find(({id}) => id === base);

/** `BullMQ 5.81.5`, `Bull`. */
export function libraryName({system, version}: Pick<QueueStatus, 'system' | 'version'>): string {
	if (system === 'bull') return 'Bull';
	return `BullMQ ${version ?? '(version not known)'}`;
}
