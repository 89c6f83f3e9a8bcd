import {expect, it} from 'vitest';
import {parseInfo} from '../../../src/redis/parse/info.ts';
import {toMemoryStats} from '../../../src/redis/parse/memory-stats.ts';
import {fixture} from './fixture.ts';

it('reads what the memory is made of', () => {
	const stats = toMemoryStats(parseInfo(fixture('info-master-7.0.txt')));
	expect(Object.values(stats).every(value => typeof value === 'number')).toBe(true);
	const {
		overheadBytes = 0,
		startupBytes = 0,
		clientsBytes = 0,
		replicasBytes = 0,
		backlogBytes = 0,
		aofBufferBytes = 0,
		clusterLinksBytes = 0,
		scriptsBytes = 0,
	} = stats;
	const parts = startupBytes + clientsBytes + replicasBytes + backlogBytes + aofBufferBytes + clusterLinksBytes + scriptsBytes;
	expect(parts).toBeLessThanOrEqual(overheadBytes);
});

it('does not know what it was not told', () => {
	const stats = toMemoryStats(parseInfo('used_memory_overhead:100\r\nmem_aof_buffer:-1\r\n'));
	expect(stats).toMatchObject({overheadBytes: 100, datasetBytes: undefined, aofBufferBytes: undefined, scriptsBytes: undefined});
});
