import {describe, expect, it} from 'vitest';
import type {ServerInfo} from '../../../src/redis/parse/server-info.ts';
import {replicaDetail} from '../../../src/views/ha/replica-detail.ts';
import {stateWith} from '../../helpers/fixtures.ts';

const replica = (port: number, change: Partial<NonNullable<ServerInfo['replicas']>[number]> = {}) => ({
	address: `10.0.0.2:${port}`,
	state: 'online',
	offset: 1_048_576,
	lagSeconds: 0,
	...change,
});

describe('the detail of a replica', () => {
	const detail = (info: Partial<ServerInfo>) =>
		replicaDetail(
			stateWith({info: {masterReplOffset: 1_048_576, backlog: {sizeBytes: 1_048_576, heldBytes: 524_288}, ...info}, panes: {ha: {selectedId: '10.0.0.2:1'}}}),
			false,
		);
	const facts = (info: Partial<ServerInfo>) => Object.fromEntries(detail(info)?.facts ?? []);

	it('says how far behind it is', () => {
		expect(facts({replicas: [replica(1, {offset: 1_000_000, lagSeconds: 1})]})).toMatchObject({
			state: 'online',
			'last heard': '1s before that',
			acknowledged: 'offset 1,000,000',
			'master is at': 'offset 1,048,576',
			behind: '47.4K: a failover to it now loses that',
			backlog: 'holds what it is behind: a broken link costs little',
		});
	});

	it('claims nothing of one that is being filled', () => {
		expect(facts({replicas: [replica(1, {state: 'wait_bgsave', offset: undefined, lagSeconds: undefined})]})).toMatchObject({
			state: 'to be filled (wait_bgsave)',
			'last heard': 'not known',
			behind: 'not known',
			backlog: 'not known',
		});
	});

	it('knows what is beyond the backlog, and what has gone', () => {
		expect(facts({replicas: [replica(1, {offset: 1})]})).toMatchObject({backlog: expect.stringContaining('has to be sent everything')});
		expect(facts({replicas: [replica(1)]})).toMatchObject({behind: 'nothing'});
		expect(detail({replicas: []})).toBeUndefined();
	});
});
