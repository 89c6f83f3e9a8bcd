import {expect, it} from 'vitest';
import {followMaster} from '../../../src/commands/console/follow-master.ts';
import {idleDesk, openFocus} from '../../helpers/nowhere-focus.ts';

const where = (port: number) => `127.0.0.1:${port}`;
const moved = (from: number, to: number, epoch: number, isHere: boolean) => ({from: where(from), to: where(to), epoch, isHere});

it('at home the console goes along, under the name that home has', async () => {
	const {focus, session, told} = openFocus();
	await followMaster(moved(1, 2, 1, true), focus, idleDesk);
	expect(session()).toMatchObject({target: {name: 'shop', address: where(2), db: 2}, home: undefined});
	expect(told()).toEqual(['Sentinel moved the master from 127.0.0.1:1 to 127.0.0.1:2: now looking at 127.0.0.1:2']);
});

it('at a replica it stays, and home is where the master is', async () => {
	const {focus, travel, session, told} = openFocus();
	travel.goTo(where(5));
	await followMaster(moved(1, 2, 1, false), focus, idleDesk);
	expect(session()).toMatchObject({target: {name: where(5), address: where(5)}, home: {name: 'shop', address: where(2)}});
	const text = 'Sentinel moved the master from 127.0.0.1:1 to 127.0.0.1:2: shop is there now, still looking at 127.0.0.1:5';
	expect(told()).toContain(text);
	expect(focus.store.getState().ui.notice?.text).toBe(text);
	travel.goHome();
	expect(session()).toMatchObject({target: {name: 'shop', address: where(2)}, home: undefined});
});

it('at the replica that is promoted it is home', async () => {
	const {focus, travel, session} = openFocus();
	travel.goTo(where(2));
	await followMaster(moved(1, 2, 1, false), focus, idleDesk);
	expect(session()).toMatchObject({target: {name: 'shop', address: where(2)}, home: undefined});
	await followMaster(moved(2, 3, 2, true), focus, idleDesk);
	expect(session()).toMatchObject({target: {name: 'shop', address: where(3)}, home: undefined});
});

it('home is found where the Sentinels call it by another name', async () => {
	const {focus, travel, session} = openFocus();
	const sentinels = {master: 'shop', following: '10.0.0.9:6379', latest: {address: '10.0.0.9:6379', epoch: 1}, sights: [], events: []};
	focus.store.setState(({snapshot}) => ({snapshot: {...snapshot, sentinels}}));
	travel.goTo(where(5));
	await followMaster({...moved(1, 2, 2, false), from: '10.0.0.9:6379'}, focus, idleDesk);
	expect(session().home).toEqual({name: 'shop', address: where(2)});
});

it('one that was opened for a replica goes along with the master only while it looks at it', async () => {
	const {focus, travel, session} = openFocus();
	await followMaster(moved(2, 3, 1, false), focus, idleDesk);
	expect(session()).toMatchObject({target: {name: 'shop', address: where(1)}});
	travel.goTo(where(3));
	await followMaster(moved(3, 4, 2, true), focus, idleDesk);
	expect(session()).toMatchObject({target: {name: where(4), address: where(4)}, home: {name: 'shop', address: where(1)}});
});

it('an older failover of which is told late does not turn it back', async () => {
	const {focus, session} = openFocus();
	await Promise.all([followMaster(moved(1, 2, 7, true), focus, idleDesk), followMaster(moved(2, 1, 6, true), focus, idleDesk)]);
	expect(session().target.address).toBe(where(2));
});

it('one with a lower number is followed where the Sentinels have begun to count anew', async () => {
	const {focus, session} = openFocus();
	await followMaster(moved(1, 2, 7, true), focus, idleDesk);
	await followMaster(moved(2, 3, 0, true), focus, idleDesk);
	expect(session().target.address).toBe(where(2));
	await followMaster({...moved(2, 3, 0, true), isAnew: true}, focus, idleDesk);
	expect(session().target.address).toBe(where(3));
	await followMaster(moved(3, 4, 1, true), focus, idleDesk);
	expect(session().target.address).toBe(where(4));
});
