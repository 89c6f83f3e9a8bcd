import type {AnyAction} from '../types.ts';
import {keysUnlink} from './keys-unlink.ts';

/** Keys by pattern. */
export const keyActions: readonly AnyAction[] = [keysUnlink];
