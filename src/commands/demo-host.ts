import {type HostSeat, runDemoHost} from '../demo/host.ts';
import {type QueuePlan, runQueueProcess} from '../demo/queue-process.ts';

/** The demo's child processes, in no help: `demo-host SCENARIO`, and `demo-host worker PLAN`, which that one starts. */
export const carryDemo = ([name, planJson = '']: readonly string[], seat: HostSeat): Promise<void> =>
	name === 'worker' ? runQueueProcess(JSON.parse(planJson) as QueuePlan, seat) : runDemoHost(name, seat);
