import type {AnyAction} from '../types.ts';

/** CONFIG SET, with old and new value. */
export const settingActions: readonly AnyAction[] = [];
