import {type HostSeat, runDemoHost} from '../demo/host.ts';

/** The demo's child process: `demo-host SCENARIO`, in no help. */
export const carryDemo = (scenario: string | undefined, seat: HostSeat): Promise<void> => runDemoHost(scenario, seat);
