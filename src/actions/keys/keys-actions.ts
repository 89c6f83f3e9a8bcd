import type {AnyAction} from '../types.ts';

/** Keys by pattern. */
export const keyActions: readonly AnyAction[] = [];
