import {spawn, spawnSync} from 'node:child_process';
import {chownSync, existsSync, mkdirSync, readdirSync, readFileSync} from 'node:fs';
import {delimiter, join} from 'node:path';
import {canConnect, freePorts} from '../lib/ports.mjs';
import {until} from '../lib/wait.mjs';

/** Debian keeps all but psql out of the PATH. */
const debianFolder = '/usr/lib/postgresql';
const sessions = 12;

/** A PostgreSQL of one's own with some queries under way, for pg_activity to look at: `{port, stop}`, or why there is none: `{missing}`. */
export async function startPostgres({folder, env}) {
	const tools = ['initdb', 'postgres', 'psql'].map(name => [name, findTool(name, env)]);
	const missing = tools.filter(([, path]) => path === undefined).map(([name]) => name);
	if (missing.length > 0) return {missing: `needs a PostgreSQL, and there is no ${missing.join(', ')}`};
	const [initdb, postgres, psql] = tools.map(([, path]) => path);
	const user = plainUser();
	if (user === null) return {missing: 'PostgreSQL does not run as root, and there is no user nobody'};

	const dir = join(folder, 'postgres');
	mkdirSync(dir);
	if (user) for (const path of [folder, dir]) chownSync(path, user.uid, user.gid);
	const {status, stderr} = spawnSync(initdb, ['-D', dir, '-U', 'bench', '-A', 'trust', '--no-sync'], {...user, env, encoding: 'utf8', cwd: dir});
	if (status !== 0) return {missing: `initdb: ${stderr.trim().split('\n').at(-1)}`};
	const port = await freePorts(1);
	const argv = ['-D', dir, '-p', port, '-k', dir, '-c', 'listen_addresses=127.0.0.1', '-c', 'fsync=off'].map(String);
	const server = spawn(postgres, argv, {...user, env, stdio: 'ignore', cwd: dir});
	await until(() => canConnect(port));
	const query = `select pg_sleep(3600)`;
	const at = ['-h', '127.0.0.1', '-p', String(port), '-U', 'bench', '-d', 'postgres'];
	await until(() => spawnSync(psql, [...at, '-c', 'select 1'], {env}).status === 0);
	const clients = Array.from({length: sessions}, () => spawn(psql, [...at, '-c', query], {env, stdio: 'ignore'}));
	return {
		port,
		at,
		async stop() {
			for (const client of clients) client.kill('SIGKILL');
			const ended = new Promise(resolve => server.once('exit', resolve));
			// A fast shutdown: its processes end with it.
			server.kill('SIGINT');
			await ended;
		},
	};
}

function findTool(name, {PATH = ''}) {
	const versions = existsSync(debianFolder) ? readdirSync(debianFolder).sort((a, b) => Number(b) - Number(a)) : [];
	const folders = [...PATH.split(delimiter), ...versions.map(version => join(debianFolder, version, 'bin'))];
	return folders.map(folder => join(folder, name)).find(path => existsSync(path));
}

/** Whom PostgreSQL runs as where we are root; undefined: as ourselves; null: there is nobody. */
function plainUser() {
	if (process.getuid?.() !== 0) return undefined;
	const line = readFileSync('/etc/passwd', 'utf8')
		.split('\n')
		.find(entry => entry.startsWith('nobody:'));
	if (!line) return null;
	const [, , uid, gid] = line.split(':').map(Number);
	return {uid, gid};
}
