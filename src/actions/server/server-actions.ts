import type {AnyAction} from '../types.ts';
import {monitorSample} from './monitor-sample.ts';

/** The server itself: its evidence, memory, persistence, role, end. */
export const serverActions: readonly AnyAction[] = [monitorSample];
