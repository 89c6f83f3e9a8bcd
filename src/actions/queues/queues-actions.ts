import type {AnyAction} from '../types.ts';
import {queuePromoteOverdue} from './queue-promote-overdue.ts';
import {queueRecoverStalled} from './queue-recover-stalled.ts';
import {queueRetryFailed} from './queue-retry-failed.ts';

/** BullMQ and Bull. */
export const queueActions: readonly AnyAction[] = [queueRetryFailed, queueRecoverStalled, queuePromoteOverdue];
