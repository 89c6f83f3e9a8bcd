import {describe, expect, it} from 'vitest';
import {mastersOf} from '../../../src/commands/console/keep-fleet.ts';
import {configuredAt} from '../../../src/commands/flag-target.ts';
import {configOf} from '../../config/config-text.ts';
import {clusterOf, fleetNode} from '../../helpers/fleet.ts';
import {at, type NowhereOptions, openFocus as open} from '../../helpers/nowhere-focus.ts';

const config = configOf(`
targets:
  locked: {host: 127.0.0.1, port: 2, read-only: locked}
  prod: {host: 127.0.0.1, port: 3, environment: production}
  staging: {host: 127.0.0.1, port: 4, environment: staging}
  home: {host: 127.0.0.1, port: 1, read-only: locked, environment: production}
`);

function openFocus(options: NowhereOptions = {}) {
	const {session: now, ...rest} = open({...options, configuredAt: endpoint => configuredAt(endpoint, undefined, config)});
	const session = () => {
		const {target, mode, lockedBy} = now();
		return [target.address, target.environment, mode, lockedBy?.replace(/^.*:/, 'line ')];
	};
	return {...rest, session};
}

describe('what the config file says of a server counts however one comes there', () => {
	it('one that is locked is read-only, and stays so; home again it is as it was', () => {
		const {focus, travel, session} = openFocus();
		travel.goTo('127.0.0.1:2');
		expect(session()).toEqual(['127.0.0.1:2', undefined, 'read-only', 'line 3']);
		focus.session.setMode('guarded');
		expect(focus.store.getState().session.mode).toBe('read-only');
		travel.goTo('127.0.0.1:5');
		expect(session()).toEqual(['127.0.0.1:5', undefined, 'guarded', undefined]);
		travel.goTo('127.0.0.1:2');
		travel.goHome();
		// By the name that was given, and not by what else is said of its address.
		expect(session()).toEqual(['127.0.0.1:1', undefined, 'guarded', undefined]);
	});

	it('a console that was read-only is so after a locked server too', () => {
		const {travel, session} = openFocus({isReadOnly: true});
		travel.goTo('127.0.0.1:2');
		travel.goHome();
		expect(session()).toEqual(['127.0.0.1:1', undefined, 'read-only', undefined]);
	});

	it.each([
		['of production', undefined, 3, 'production'],
		['of staging', undefined, 4, 'staging'],
		['of staging, in a group that is production', 'production', 4, 'production'],
		['of which it says nothing', 'production', 5, 'production'],
	])('one %s', (_what, environment, port, expected) => {
		const {travel, session} = openFocus({environment});
		travel.goTo(`127.0.0.1:${port}`);
		expect(session()[1]).toBe(expected);
	});

	it('the lock of home holds in its whole group', () => {
		const {travel, session} = openFocus({lockedBy: 'config.yaml:9'});
		travel.goTo('127.0.0.1:4');
		expect(session()).toEqual(['127.0.0.1:4', 'staging', 'read-only', 'line 9']);
	});

	it('a master that has moved to such a server brings its guard home', () => {
		const {focus, travel, session} = openFocus();
		focus.moveTo({...focus.home, endpoint: at(2)}, {text: 'The master has moved', keepsFigures: true, becomesHome: true});
		expect(session()).toEqual(['127.0.0.1:2', undefined, 'read-only', 'line 3']);
		travel.goTo('127.0.0.1:5');
		expect(session().slice(2)).toEqual(['read-only', 'line 3']);
	});
});

describe('the incident of home', () => {
	const incident = {beganAtMs: 1, opsBefore: {median: 500, seconds: 60}, calmSinceMs: 2, crowded: new Map()};

	it('is not that of a replica, and is known again at home', () => {
		const {focus, travel} = openFocus();
		focus.store.setState({incident});
		travel.goTo('127.0.0.1:5');
		expect(focus.store.getState().incident).toBeUndefined();
		travel.goTo('127.0.0.1:6');
		travel.goHome();
		expect(focus.store.getState().incident).toBe(incident);
	});

	it('goes along with the master', () => {
		const {focus} = openFocus();
		focus.store.setState({incident});
		focus.moveTo({...focus.home, endpoint: at(2)}, {text: 'The master has moved', keepsFigures: true, becomesHome: true});
		expect(focus.store.getState().incident).toBe(incident);
	});
});

it('a survey of all masters goes by what home is now, not by what it was at the start', () => {
	const {focus} = openFocus();
	const masters = mastersOf(() => focus.home);
	focus.store.setState({fleet: clusterOf([fleetNode({port: 7001})])});
	expect(masters(focus.store)).toMatchObject([{name: '10.0.0.1:7001', environment: undefined}]);
	focus.moveTo({...focus.home, endpoint: at(3)}, {text: 'moved', keepsFigures: true, becomesHome: true});
	expect(masters(focus.store)).toMatchObject([{name: '10.0.0.1:7001', environment: 'production'}]);
});
