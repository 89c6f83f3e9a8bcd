import type {AnyAction} from '../types.ts';
import {queuePromoteOverdue} from './promote-overdue.ts';
import {queueRecoverStalled} from './recover-stalled.ts';
import {queueRetryFailed} from './retry-failed.ts';

/** BullMQ and Bull. */
export const queueActions: readonly AnyAction[] = [queueRetryFailed, queueRecoverStalled, queuePromoteOverdue];
