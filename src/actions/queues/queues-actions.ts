import type {AnyAction} from '../types.ts';
import {queueClean} from './queue-clean.ts';
import {queuePause} from './queue-pause.ts';
import {queueResume} from './queue-resume.ts';

/** BullMQ and Bull. */
export const queueActions: readonly AnyAction[] = [queuePause, queueResume, queueClean];
