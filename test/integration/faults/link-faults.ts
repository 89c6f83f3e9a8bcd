import {type Gate, startGate, type Weather} from '../../helpers/gate.ts';
import type {Fault, World} from './fault.ts';

const gates = new WeakMap<World, Gate>();

async function throughGate(world: World): Promise<readonly string[]> {
	const gate = await startGate(world.redis.port);
	world.defer(gate.close);
	gates.set(world, gate);
	return ['-p', String(gate.port)];
}

/** The server is well all the time: it is the way to it that goes wrong, and is put right. */
const onTheWay = (weather: Weather, fault: Pick<Fault, 'name' | 'kind' | 'says'> & Partial<Fault>): Fault => ({
	arrange: throughGate,
	strike: async world => gates.get(world)?.turn(weather),
	lift: async world => gates.get(world)?.turn({kind: 'passes'}),
	isMute: true,
	...fault,
});

export const linkFaults: readonly Fault[] = [
	onTheWay({kind: 'resets'}, {name: 'Every connection is reset in the middle of a reply', kind: 'DOWN', says: /connection has been lost/}),
	onTheWay({kind: 'halves'}, {name: 'Half a reply, and then nothing', kind: 'SILENT', says: /has not answered/}),
	onTheWay({kind: 'garbles'}, {name: 'Bytes that are no reply', kind: 'DOWN', says: /./}),
	onTheWay({kind: 'stalls'}, {name: 'A proxy that keeps everything to itself', kind: 'SILENT', says: /has not answered/}),
	onTheWay(
		{kind: 'delays', oneWayMs: 150, lossRatio: 0.05, resentAfterMs: 300},
		{
			name: '300 ms there and back, and 5 % of all is lost',
			kind: 'OK',
			isTold: ({findings}) => findings.some(({id}) => id === 'latency.high'),
			finding: 'latency.high',
			isMute: false,
			isBack: ({findings}) => findings.every(({id}) => id !== 'latency.high'),
			says: /probes took/,
			slow: {ms: 6000, because: 'one late reply is no high latency: several in a row are'},
		},
	),
];
