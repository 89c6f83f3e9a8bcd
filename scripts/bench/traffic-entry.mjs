// The clients of the demo's ordinary application, before anything goes wrong, at the server of this port; until it is ended.
import {setMaxListeners} from 'node:events';
import {healthyRoles, runTraffic, seed} from '../../src/demo/traffic.ts';

const port = Number(process.argv[2]);
const {signal} = new AbortController();
setMaxListeners(0, signal);
await seed(port);
process.stdout.write('seeded\n');
await runTraffic(port, healthyRoles, signal);
