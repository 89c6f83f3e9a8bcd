import {expect, it} from 'vitest';
import {operatorName, stateFolder} from '../../src/incident/operator.ts';

it.each([
	['the user', {}, 'ops'],
	['the person behind sudo', {SUDO_USER: 'alice'}, 'alice'],
	['from where, over SSH', {SSH_CLIENT: '10.0.0.9 50122 22'}, 'ops from 10.0.0.9'],
	['where only the connection is told', {SSH_CONNECTION: 'fe80::1 50122 10.0.0.1 22'}, 'ops from fe80::1'],
	['both', {SUDO_USER: 'alice', SSH_CLIENT: '10.0.0.9 50122 22', SSH_CONNECTION: '10.9.9.9 1 2 3'}, 'alice from 10.0.0.9'],
	['nothing by empty variables', {SUDO_USER: '', SSH_CLIENT: '', SSH_CONNECTION: ''}, 'ops'],
])('the operator is %s', (_what, env, expected) => expect(operatorName(env, 'ops')).toBe(expected));

it.each([
	['below the home folder', {}, '/home/ops/.local/state/redis-triage'],
	['where XDG_STATE_HOME says', {XDG_STATE_HOME: '/var/state'}, '/var/state/redis-triage'],
	['not where a relative one says', {XDG_STATE_HOME: 'state'}, '/home/ops/.local/state/redis-triage'],
	['not where an empty one says', {XDG_STATE_HOME: ''}, '/home/ops/.local/state/redis-triage'],
])('state is kept %s', (_where, env, expected) => expect(stateFolder(env, '/home/ops')).toBe(expected));
