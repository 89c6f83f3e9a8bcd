import {spawnSync} from 'node:child_process';
import {expect, it} from 'vitest';

/** Without programs beside Node's own. */
function script(name: string, args: readonly string[], env: Readonly<Record<string, string>>) {
	return spawnSync(process.execPath, [`scripts/${name}.mjs`, ...args], {encoding: 'utf8', env: {PATH: '/nowhere', ...env}});
}

it('where there is no apt, fetching servers says so and what to do instead', () => {
	const {status, stdout, stderr} = script('fetch-servers', ['--refresh'], {REDIS_SERVER: '/nowhere/redis-server'});
	expect({status, stdout}).toEqual({status: 1, stdout: ''});
	expect(stderr).toBe('servers: apt-get and dpkg-deb not found: this works with apt only. Name the servers that you have in $REDIS_SERVERS.\n');
});

it('a server in $REDIS_SERVERS that is none is named before any test runs', () => {
	const {status, stdout, stderr} = script('test-servers', [], {REDIS_SERVERS: `${process.execPath}:/nowhere/valkey-server`});
	expect({status, stdout}).toEqual({status: 1, stdout: ''});
	expect(stderr).toBe(`test-servers: '${process.execPath}' is not a redis-server or valkey-server that runs here\n`);
});

it('a Node that is not among those of the tests is named before any test runs', () => {
	const {status, stdout, stderr} = script('test-nodes', ['24', '19', '--project', 'unit'], {});
	expect({status, stdout}).toEqual({status: 1, stdout: ''});
	expect(stderr).toBe('test-nodes: Node 19 is none of 16, 18, 20, 22, 24, 26\n');
});
