import {X509Certificate} from 'node:crypto';
import {readdirSync, readFileSync} from 'node:fs';
import {isIP} from 'node:net';
import {createSecureContext} from 'node:tls';
import {UsageError} from '../errors.ts';
import type {TlsSettings} from '../redis/target.ts';
import {type FlagKey, spelled} from './flag-table.ts';
import type {Environment, TlsOptions} from './flags.ts';

/** The few things asked of the file system; both throw Node's errors. */
export type Files = {
	readonly readFile: (path: string) => string;
	/** Full paths of what is in a folder. */
	readonly readFolder: (path: string) => readonly string[];
};

export const diskFiles: Files = {
	readFile: path => readFileSync(path, 'utf8'),
	readFolder: path => readdirSync(path).map(name => `${path.replace(/\/+$/, '')}/${name}`),
};

/** Where OpenSSL's distributors keep the system's CAs: Debian and Alpine, Red Hat, SUSE, macOS and the BSDs. */
const systemBundles = ['/etc/ssl/certs/ca-certificates.crt', '/etc/pki/tls/certs/ca-bundle.crt', '/etc/ssl/ca-bundle.pem', '/etc/ssl/cert.pem'];

/** Which of the TLS flags that do nothing without TLS was typed, if any. */
export function strayTlsFlag(options: TlsOptions): string | undefined {
	const typed = (['sni', 'cacert', 'cacertdir', 'cert', 'key', 'insecure'] as const).find(key => options[key] !== undefined && options[key] !== false);
	return typed && spelled(typed);
}

/** Read what the TLS flags point at. Throws a UsageError that names the flag, the path, and why the file cannot serve. */
export function readTls(options: TlsOptions, env: Environment, files: Files): TlsSettings {
	if (options.sni !== undefined && isIP(options.sni) !== 0) throw new UsageError('--sni must be a host name: TLS has no server names that are addresses');
	const own = [...readAuthorityFile(options.cacert, files), ...readAuthorityFolder(options.cacertdir, files)];
	const ca = own.length > 0 || options.insecure ? own : readSystemAuthorities(env, files);
	return {
		rejectUnauthorized: !options.insecure,
		...(options.sni === undefined ? {} : {servername: options.sni}),
		...(ca?.length ? {ca} : {}),
		...readClientCertificate(options, files),
	};
}

function readAuthorityFile(path: string | undefined, files: Files): readonly string[] {
	if (path === undefined) return [];
	const ca = readPem('cacert', path, certificateMark, files);
	mustHoldCertificates('cacert', path, ca);
	return [ca];
}

/** Every certificate of the folder, once: OpenSSL's hashed folders hold each under several names, beside files that are none. */
function readAuthorityFolder(path: string | undefined, files: Files): readonly string[] {
	if (path === undefined) return [];
	const paths = reading('cacertdir', path, () => files.readFolder(path));
	const ca = new Set<string>();
	for (const file of paths) {
		const text = reading('cacertdir', file, () => files.readFile(file), ['EISDIR', 'ENOENT']);
		if (!text?.includes(certificateMark)) continue;
		mustHoldCertificates('cacertdir', file, text);
		ca.add(text);
	}
	if (ca.size === 0) throw new UsageError(`--cacertdir: ${printable(path)} holds no PEM certificate`);
	return [...ca];
}

/**
 * Node trusts its own list, redis-cli the machine's, and a company's CA is only in the latter. Undefined where there is none: then it is Node's.
 * SSL_CERT_FILE is OpenSSL's variable; NODE_EXTRA_CA_CERTS is Node's, which no longer looks at it when it is given a list.
 */
function readSystemAuthorities(env: Environment, files: Files): readonly string[] | undefined {
	const extra = env.NODE_EXTRA_CA_CERTS ? readIfCertificates(env.NODE_EXTRA_CA_CERTS, files) : undefined;
	for (const path of env.SSL_CERT_FILE ? [env.SSL_CERT_FILE] : systemBundles) {
		const system = readIfCertificates(path, files);
		if (system !== undefined) return extra === undefined ? [system] : [system, extra];
	}
	return undefined;
}

function readClientCertificate(options: TlsOptions, files: Files): Pick<TlsSettings, 'cert' | 'key'> {
	if (options.cert === undefined || options.key === undefined) return {};
	const cert = readPem('cert', options.cert, certificateMark, files);
	const key = readPem('key', options.key, 'PRIVATE KEY-----', files);
	if (key.includes('ENCRYPTED')) throw new UsageError(`--key: ${printable(options.key)} is encrypted: decrypt it first, with openssl pkey -in OLD -out NEW`);
	judged('--cert and --key: this pair', () => createSecureContext({cert, key}));
	return {cert, key};
}

const certificateMark = '-----BEGIN CERTIFICATE-----';

function readPem(flag: FlagKey, path: string, mark: string, files: Files): string {
	const text = reading(flag, path, () => files.readFile(path));
	if (text.includes(mark)) return text;
	throw new UsageError(`${spelled(flag)}: ${printable(path)} holds no PEM ${mark === certificateMark ? 'certificate' : 'private key'}`);
}

const reasons: ReadonlyMap<string, string> = new Map([
	['ENOENT', 'it does not exist'],
	['EACCES', 'permission denied'],
	['EISDIR', 'it is a folder'],
	['ENOTDIR', 'it is not a folder'],
]);

/** Runs `read`; its errors become one line, those in `passOver` become undefined. */
function reading<T>(flag: FlagKey, path: string, read: () => T): T;
function reading<T>(flag: FlagKey, path: string, read: () => T, passOver: readonly string[]): T | undefined;
function reading<T>(flag: FlagKey, path: string, read: () => T, passOver: readonly string[] = []): T | undefined {
	try {
		return read();
	} catch (error) {
		const code = errorCode(error);
		if (passOver.includes(code)) return undefined;
		throw new UsageError(`${spelled(flag)}: cannot read ${printable(path)}: ${reasons.get(code) ?? code}`);
	}
}

function readIfCertificates(path: string, files: Files): string | undefined {
	try {
		const text = files.readFile(path);
		return text.includes(certificateMark) ? text : undefined;
	} catch {
		// Each system has one of the places; a missing one is no fault.
		return undefined;
	}
}

/** Node passes over a CA that it cannot read, and only the handshake fails. */
function mustHoldCertificates(flag: FlagKey, path: string, text: string): void {
	const blocks = text.match(/-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----/gs) ?? [text];
	judged(`${spelled(flag)}: ${printable(path)}`, () => blocks.map(block => new X509Certificate(block)));
}

/** OpenSSL's verdict now, under the name of the flag, instead of a connection that fails later. */
function judged(what: string, load: () => unknown): void {
	try {
		load();
	} catch (error) {
		const reason = error instanceof Error ? (error.message.split(':').at(-1) ?? error.message) : String(error);
		throw new UsageError(`${what} cannot be used: ${printable(reason)}`);
	}
}

const errorCode = (error: unknown): string => (error instanceof Error && 'code' in error ? String(error.code) : String(error));

/** A path goes to the terminal in an error line, so nothing in it may act there. */
const printable = (text: string): string => text.replace(/\p{C}/gu, '?');
