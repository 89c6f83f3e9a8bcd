import {describe, expect, it} from 'vitest';
import {emptyResource, refused} from '../../src/store/resource.ts';
import {find, standing} from './healthy.ts';

const noPerm = (command: string) => `NOPERM this user has no permissions to run the '${command}' command`;
const clients = refused(emptyResource, 'CLIENT LIST', noPerm('client|list'));
const settings = refused(emptyResource, 'CONFIG GET', "ERR unknown command 'CONFIG', with args beginning with: 'GET' 'maxclients' ");

describe('access.limited', () => {
	it.each([
		['nothing is refused', {}, false],
		['the list of clients is', {clients}, true],
		['CONFIG is switched off by the provider', {settings}, true],
		['ACL DRYRUN is: the rights of an operator do without', {permissions: refused(emptyResource, 'ACL DRYRUN', noPerm('acl|dryrun'))}, false],
		[
			'the server has no functions',
			{functionStats: refused(emptyResource, 'FUNCTION STATS', 'ERR unknown command `FUNCTION`, with args beginning with: `STATS`, ')},
			false,
		],
		['FUNCTION STATS is', {functionStats: refused(emptyResource, 'FUNCTION STATS', noPerm('function|stats'))}, true],
		['the database is', {database: {selected: undefined, error: noPerm('select')}}, true],
	])('%s: %s', (_what, snapshot, expected) => expect(find('access.limited', {snapshot}) !== undefined).toBe(expected));

	it('says what that hides, and what cannot be done', () => {
		expect(find('access.limited', {snapshot: {settings, clients}, permissions: {'SCRIPT KILL': false, 'CLIENT KILL': true}})).toMatchObject({
			severity: 'P2',
			title: 'This user may not run CLIENT LIST, CONFIG GET: the console does not see all',
			evidence: noPerm('client|list'),
			meaning: [
				expect.stringMatching(/^Without CLIENT LIST: who is connected/),
				expect.stringMatching(/^Without CONFIG GET: when BUSY begins/),
				'Actions that are refused to this user: SCRIPT KILL.',
				expect.stringContaining('What is not seen is not judged'),
			],
		});
	});

	it.each([['ERR DB index is out of range'], ['ERR invalid DB index'], ['ERR SELECT is not allowed in cluster mode']])(
		'%s: no right would help, another number does',
		error => {
			const finding = find('access.limited', {snapshot: {database: {selected: undefined, error}}});
			expect(finding).toMatchObject({title: 'There is no database 0 here: database 0 is looked at', evidence: error});
			expect(finding?.steps?.join()).toContain('-n');
			expect(finding?.steps?.join()).not.toContain('rights');
			// What is forbidden as well has to be said, too.
			expect(find('access.limited', {snapshot: {clients, database: {selected: undefined, error}}})?.title).toMatch(/^This user may not run/);
		},
	);

	it('ends with the connection: a new one may be another user', () => {
		expect(find('access.limited', {contact: {link: 'broken'}, snapshot: {clients}})).toBeUndefined();
	});
});

describe('observer.cost', () => {
	it.each([
		[1, false, true],
		[0.99, false, false],
		[0.95, true, true],
		[0.94, true, false],
		[undefined, true, false],
	])('%s %% of a core, standing %s: %s', (ownCostPercent, isStanding, expected) => {
		const parts = {snapshot: {ownCostPercent}, ...(isStanding ? standing('observer.cost') : {})};
		expect(find('observer.cost', parts) !== undefined).toBe(expected);
	});

	it('gives the figure and says what helps', () => {
		expect(find('observer.cost', {snapshot: {ownCostPercent: 2.4, vitals: {connectedClients: 10_000}}})).toMatchObject({
			severity: 'P2',
			title: 'This console costs the server 2% of a core',
			evidence: '10,000 clients, every 1s; promised is less than 1%',
			meaning: [expect.anything(), expect.stringContaining('last of all for what the worst finding'), expect.stringContaining('The key +')],
		});
	});
});
