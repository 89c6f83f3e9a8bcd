import {execFileSync} from 'node:child_process';
import {mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {diskFiles, readTls, strayTlsFlag} from '../../src/commands/flag-tls.ts';
import type {TlsOptions} from '../../src/commands/flags.ts';
import {UsageError} from '../../src/errors.ts';

const none: TlsOptions = {isOn: true, insecure: false, sni: undefined, cacert: undefined, cacertdir: undefined, cert: undefined, key: undefined};

let folder = '';
const inFolder = (name: string) => join(folder, name);
const text = (name: string) => readFileSync(inFolder(name), 'utf8');

function openssl(...args: string[]): void {
	execFileSync('openssl', args, {cwd: folder, stdio: 'pipe'});
}

beforeAll(() => {
	folder = mkdtempSync(join(tmpdir(), 'redis-triage-tls-'));
	for (const name of ['one', 'two']) {
		openssl(
			'req',
			'-x509',
			'-newkey',
			'ec',
			'-pkeyopt',
			'ec_paramgen_curve:P-256',
			'-nodes',
			'-subj',
			`/CN=${name}`,
			'-keyout',
			`${name}.key`,
			'-out',
			`${name}.pem`,
		);
	}
	openssl('pkey', '-in', 'one.key', '-aes256', '-passout', 'pass:x', '-out', 'encrypted.key');
	writeFileSync(inFolder('note.txt'), 'no certificate\n');
	writeFileSync(inFolder('broken.pem'), '-----BEGIN CERTIFICATE-----\nbm90IG9uZQ==\n-----END CERTIFICATE-----\n');
	mkdirSync(inFolder('ca/nested'), {recursive: true});
	mkdirSync(inFolder('empty'));
	for (const name of ['one.pem', 'two.pem', 'note.txt']) writeFileSync(inFolder(`ca/${name}`), text(name));
	symlinkSync('one.pem', inFolder('ca/0a1b2c3d.0'));
	symlinkSync('gone.pem', inFolder('ca/dangling.0'));
});

afterAll(() => rmSync(folder, {recursive: true}));

const read = (options: Partial<Record<keyof TlsOptions, string>>, env = {}) => {
	const paths = Object.fromEntries(Object.entries(options).map(([key, name]) => [key, inFolder(name)]));
	return readTls({...none, ...paths}, env, diskFiles);
};

describe('readTls', () => {
	it('reads the CA, the certificate and its key', () => {
		expect(read({cacert: 'one.pem', cert: 'two.pem', key: 'two.key'})).toEqual({
			rejectUnauthorized: true,
			ca: [text('one.pem')],
			cert: text('two.pem'),
			key: text('two.key'),
		});
	});

	it('reads every certificate of a folder once, and nothing else of it', () => {
		expect([...(read({cacertdir: 'ca'}).ca ?? [])].sort()).toEqual([text('one.pem'), text('two.pem')].sort());
		expect(read({cacert: 'one.pem', cacertdir: 'ca'}).ca).toHaveLength(3);
	});

	it('trusts the system when no CA is given', () => {
		expect(read({}, {SSL_CERT_FILE: inFolder('one.pem')}).ca).toEqual([text('one.pem')]);
		expect(read({}, {SSL_CERT_FILE: inFolder('one.pem'), NODE_EXTRA_CA_CERTS: inFolder('two.pem')}).ca).toEqual([text('one.pem'), text('two.pem')]);
		expect(read({}, {SSL_CERT_FILE: inFolder('none.pem')})).toEqual({rejectUnauthorized: true});
		const alpine = {...diskFiles, readFile: (path: string) => (path === '/etc/ssl/cert.pem' ? text('two.pem') : diskFiles.readFile('/nowhere'))};
		expect(readTls(none, {}, alpine).ca).toEqual([text('two.pem')]);
	});

	it('reads no CA that --insecure would not look at', () => {
		expect(readTls({...none, insecure: true}, {SSL_CERT_FILE: inFolder('one.pem')}, diskFiles)).toEqual({rejectUnauthorized: false});
	});

	it('passes on --sni and --insecure', () => {
		expect(readTls({...none, cacert: inFolder('one.pem'), sni: 'redis.example.com', insecure: true}, {}, diskFiles)).toMatchObject({
			servername: 'redis.example.com',
			rejectUnauthorized: false,
		});
	});

	it.each([
		[{cacert: 'none.pem'}, '--cacert: cannot read FOLDER/none.pem: it does not exist'],
		[{cacert: 'ca'}, '--cacert: cannot read FOLDER/ca: it is a folder'],
		[{cacert: 'note.txt'}, '--cacert: FOLDER/note.txt holds no PEM certificate'],
		[{cacert: 'one.key'}, '--cacert: FOLDER/one.key holds no PEM certificate'],
		[{cacertdir: 'none'}, '--cacertdir: cannot read FOLDER/none: it does not exist'],
		[{cacertdir: 'one.pem'}, '--cacertdir: cannot read FOLDER/one.pem: it is not a folder'],
		[{cacertdir: 'empty'}, '--cacertdir: FOLDER/empty holds no PEM certificate'],
		[{cert: 'one.pem', key: 'one.pem'}, '--key: FOLDER/one.pem holds no PEM private key'],
		[{cert: 'one.pem', key: 'encrypted.key'}, '--key: FOLDER/encrypted.key is encrypted: decrypt it first, with openssl pkey -in OLD -out NEW'],
	])('%j is refused', (options, message) => {
		expect(() => read(options)).toThrow(new UsageError(message.replace('FOLDER', folder)));
	});

	it('refuses what OpenSSL refuses, by the name of the flag', () => {
		expect(() => read({cacert: 'broken.pem'})).toThrow(/^--cacert: .*broken\.pem cannot be used: [\w ]+$/);
		expect(() => read({cert: 'one.pem', key: 'two.key'})).toThrow(/^--cert and --key: this pair cannot be used: key values mismatch$/);
	});

	it('refuses an address as server name', () => {
		expect(() => readTls({...none, sni: '10.0.3.7'}, {}, diskFiles)).toThrow(/^--sni must be a host name/);
	});
});

it.each([
	[{}, undefined],
	[{insecure: true}, '--insecure'],
	[{sni: 'a'}, '--sni'],
	[{cacertdir: 'a'}, '--cacertdir'],
])('of %j, %s does nothing without TLS', (options, flag) => {
	expect(strayTlsFlag({...none, ...options})).toBe(flag);
});
