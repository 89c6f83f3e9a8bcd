import {execFile} from 'node:child_process';
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {promisify} from 'node:util';

const execute = promisify(execFile);

/** PEM files of a private CA and of a server and a client certificate that it signed. */
export type Certificates = {
	readonly dir: string;
	readonly caFile: string;
	/** Valid for `localhost`, `redis.test`, 127.0.0.1 and ::1. */
	readonly serverCertFile: string;
	readonly serverKeyFile: string;
	readonly clientCertFile: string;
	readonly clientKeyFile: string;
	readonly remove: () => void;
};

/** Make fresh certificates with openssl in a folder of their own; about 50 ms, no network. */
export async function makeCertificates(): Promise<Certificates> {
	const dir = mkdtempSync(join(tmpdir(), 'redis-triage-tls-'));
	const remove = () => rmSync(dir, {recursive: true, force: true});
	const openssl = (...args: readonly string[]) => execute('openssl', args, {cwd: dir});
	const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];

	const sign = async (name: string, extension: string) => {
		writeFileSync(join(dir, `${name}.ext`), extension);
		await openssl('req', '-new', ...newKey, '-keyout', `${name}.key`, '-out', `${name}.csr`, '-subj', `/CN=redis-triage test ${name}`);
		const authority = ['-CA', 'ca.crt', '-CAkey', 'ca.key', '-set_serial', name === 'server' ? '2' : '3'];
		await openssl('x509', '-req', '-in', `${name}.csr`, ...authority, '-days', '2', '-extfile', `${name}.ext`, '-out', `${name}.crt`);
	};
	try {
		await openssl('req', '-x509', ...newKey, '-keyout', 'ca.key', '-out', 'ca.crt', '-days', '2', '-subj', '/CN=redis-triage test CA');
		await Promise.all([
			sign('server', 'subjectAltName=DNS:localhost,DNS:redis.test,IP:127.0.0.1,IP:::1\nextendedKeyUsage=serverAuth\n'),
			sign('client', 'extendedKeyUsage=clientAuth\n'),
		]);
	} catch (error) {
		remove();
		throw error;
	}
	const file = (name: string) => join(dir, name);
	return {
		dir,
		remove,
		caFile: file('ca.crt'),
		serverCertFile: file('server.crt'),
		serverKeyFile: file('server.key'),
		clientCertFile: file('client.crt'),
		clientKeyFile: file('client.key'),
	};
}
