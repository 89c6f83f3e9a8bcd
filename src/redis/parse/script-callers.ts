import type {ClientRow} from './client-list.ts';

const scriptCommands: ReadonlySet<string> = new Set(['eval', 'evalsha', 'eval_ro', 'evalsha_ro', 'fcall', 'fcall_ro']);

/** Its last command was a script or a function, and it is no console. */
export const hasRunScript = ({lastCommand, kind}: Pick<ClientRow, 'lastCommand' | 'kind'>): boolean => scriptCommands.has(lastCommand) && kind !== 'console';

/** BullMQ and Bull name their connections `prefix:base64(queue)`, workers with `:w:name` behind it, and run scripts all the time: that says nothing of who is stuck. */
export const isQueueWorker = ({name}: Pick<ClientRow, 'name'>): boolean =>
	/^[^\s:]+:(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?(?::w(?::.*)?)?$/.test(name);
