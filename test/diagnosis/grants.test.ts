import {expect, it} from 'vitest';
import {grantLines, rulesToAct, rulesToLook} from '../../src/diagnosis/grants.ts';
import {emptyResource, refused} from '../../src/store/resource.ts';
import {stateWith} from '../helpers/fixtures.ts';
import {find} from './healthy.ts';

const noPerm = (command: string) => `NOPERM this user has no permissions to run the '${command}' command`;
const snapshotOf = (parts: Parameters<typeof stateWith>[0]) => stateWith(parts).snapshot;
const clients = refused(emptyResource, 'CLIENT LIST', noPerm('client|list'));
const commandStats = refused(emptyResource, 'INFO commandstats', noPerm('info'));
const search = {phase: 'ended', keys: 0, endedAtMs: 1, isComplete: true} as const;

it('names each right once, a subcommand as such', () => {
	const permissions = refused(emptyResource, 'ACL DRYRUN', noPerm('acl|dryrun'));
	const info = refused(emptyResource, 'INFO', noPerm('info'));
	expect(rulesToLook(snapshotOf({snapshot: {clients, commandStats, permissions, info}}))).toEqual(['+info', '+client|list', '+acl|whoami', '+acl|dryrun']);
});

it('of what the server has not got it says nothing: no ACL can allow that', () => {
	const settings = refused(emptyResource, 'CONFIG GET', "ERR unknown command 'CONFIG', with args beginning with: 'GET' 'save' ");
	expect(rulesToLook(snapshotOf({snapshot: {settings}}))).toEqual([]);
	expect(find('access.limited', {snapshot: {settings}})?.steps).toEqual(['Ask for the rights that are named above, or for a user that has them']);
});

it.each([
	['7.0.15', '%R~*'],
	['6.2.16', '~*'],
])('keys: in %s by %s', (version, rule) => {
	const unknown = [{command: 'TYPE', reason: 'NOPERM this user has no permissions to access one of the keys used as arguments'}];
	expect(rulesToLook(snapshotOf({snapshot: {queueSearch: {...search, unknown}, identity: {product: 'Redis', version, role: 'master'}}}))).toEqual([rule]);
});

it('for the actions: what DRYRUN has refused', () => {
	expect(rulesToAct(snapshotOf({permissions: {'SCRIPT KILL': false, 'CLIENT KILL': true, UNLINK: false}}))).toEqual(['+script|kill', '+unlink']);
});

it('every line is a command, and none is wider than asked', () => {
	const rules = ['+client|list', '+slowlog|get', '+config|get', '+acl|whoami', '+acl|dryrun', '+scan'];
	expect(grantLines('alice', rules)).toEqual([`ACL SETUSER alice ${rules.join(' ')}`]);
	const lines = grantLines('alice', rules, 45);
	expect(lines.map(line => line.length).filter(length => length > 45)).toEqual([]);
	expect(lines.flatMap(line => line.replace('ACL SETUSER alice ', '').split(' '))).toEqual(rules);
	expect(lines.every(line => line.startsWith('ACL SETUSER alice +'))).toBe(true);
	expect(grantLines('alice', [])).toEqual([]);
});
