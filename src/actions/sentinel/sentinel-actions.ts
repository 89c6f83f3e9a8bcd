import type {AnyAction} from '../types.ts';
import {sentinelDownAfter} from './sentinel-down-after.ts';
import {sentinelFailover} from './sentinel-failover.ts';

/** What Sentinels do with the server. */
export const sentinelActions: readonly AnyAction[] = [sentinelFailover, sentinelDownAfter];
