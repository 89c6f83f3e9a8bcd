import type {AnyAction} from '../types.ts';

/** BullMQ and Bull. */
export const queueActions: readonly AnyAction[] = [];
