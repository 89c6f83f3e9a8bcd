import type {AnyAction} from '../types.ts';

/** The server itself: its evidence, memory, persistence, role, end. */
export const serverActions: readonly AnyAction[] = [];
