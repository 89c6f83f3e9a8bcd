import {lookAtAsynq} from './asynq.ts';
import {lookAtBeeQueue} from './bee-queue.ts';
import {lookAtBull} from './bull.ts';
import {lookAtCelery} from './celery.ts';
import {lookAtDramatiq} from './dramatiq.ts';
import {lookAtKue} from './kue.ts';
import {lookAtLaravel} from './laravel.ts';
import {lookAtResque} from './resque.ts';
import {lookAtRq} from './rq.ts';
import {lookAtSidekiq} from './sidekiq.ts';
import type {Steps} from './steps.ts';
import {lookAtStream} from './streams.ts';
import type {FoundQueue, Look, LookContext, QueueFamily} from './types.ts';

type Adapter = (queue: FoundQueue, context: LookContext) => Steps<Look>;

/** How a queue of each family is read. */
export const adapters: Readonly<Record<QueueFamily, Adapter>> = {
	bull: lookAtBull,
	'bee-queue': lookAtBeeQueue,
	kue: lookAtKue,
	sidekiq: lookAtSidekiq,
	resque: lookAtResque,
	celery: lookAtCelery,
	rq: lookAtRq,
	dramatiq: lookAtDramatiq,
	asynq: lookAtAsynq,
	laravel: lookAtLaravel,
	streams: lookAtStream,
};
