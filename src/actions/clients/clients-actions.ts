import type {AnyAction} from '../types.ts';
import {clientKill} from './client-kill.ts';
import {clientKillIdle} from './client-kill-idle.ts';
import {clientPauseWrites} from './client-pause-writes.ts';
import {clientUnblock} from './client-unblock.ts';

/** Connections. */
export const clientActions: readonly AnyAction[] = [clientKill, clientKillIdle, clientUnblock, clientPauseWrites];
