import type {AnyAction} from '../types.ts';
import {queueClean} from './queue-clean.ts';
import {queuePause} from './queue-pause.ts';
import {queuePromoteOverdue} from './queue-promote-overdue.ts';
import {queueRecoverStalled} from './queue-recover-stalled.ts';
import {queueResume} from './queue-resume.ts';
import {queueRetryFailed} from './queue-retry-failed.ts';

/** BullMQ and Bull. */
export const queueActions: readonly AnyAction[] = [queuePause, queueResume, queueClean, queueRetryFailed, queueRecoverStalled, queuePromoteOverdue];
