import type {AnyAction} from '../types.ts';
import {aofRewrite} from './aof-rewrite.ts';
import {bgsave} from './bgsave.ts';
import {latencyReset} from './latency-reset.ts';
import {memoryPurge} from './memory-purge.ts';
import {monitorSample} from './monitor-sample.ts';
import {replicaPromote} from './replica-promote.ts';
import {shutdownNosave} from './shutdown-nosave.ts';
import {slowlogReset} from './slowlog-reset.ts';

/** The server itself: its evidence, memory, persistence, role, end. */
export const serverActions: readonly AnyAction[] = [monitorSample, slowlogReset, latencyReset, memoryPurge, bgsave, aofRewrite, replicaPromote, shutdownNosave];
