import {expect, it} from 'vitest';
import {kindOfServer} from '../../src/store/pointed-server.ts';
import {stateWith} from '../helpers/fixtures.ts';

it('a replica that only its master has told of is one', () => {
	const replicas = [{address: '10.0.0.2:6379', state: 'online', offset: 1, lagSeconds: 0}] as const;
	expect(kindOfServer(stateWith({info: {replicas}}), '10.0.0.2:6379')).toBe('replica');
	expect(kindOfServer(stateWith({info: {replicas}}), '10.0.0.3:6379')).toBe('server');
});
