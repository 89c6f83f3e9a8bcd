import type {AnyAction} from '../types.ts';

/** What Sentinels do with the server. */
export const sentinelActions: readonly AnyAction[] = [];
