import {z} from 'zod';
import {closest} from '../text/closest.ts';
import {host, hostAndPort, listOf, map, named, redisUrl, text, whole, yesNo} from './fields.ts';
import {variable} from './problem.ts';
import {readRedisUrl} from './redis-url.ts';

const path = () => text('a path');
const user = () => text('the name of an ACL user');
/** Whatever the server takes; in the file a number needs quotes to be text. */
const password = () => z.string('must be text: put it in quotes, or take it from the environment').min(1, 'is empty: leave it out');

const tls = map({
	cacert: path().optional().describe("Trust the CAs in this PEM file instead of the system's"),
	cacertdir: path().optional().describe('Trust the CAs in all PEM files of this folder'),
	cert: path().optional().describe('Client certificate, PEM'),
	key: path().optional().describe('Private key of the client certificate, PEM'),
	sni: host().optional().describe('Server name to ask for and to check'),
	insecure: yesNo().default(false).describe("Do not check the server's certificate"),
}).refine(({cert, key}) => (cert === undefined) === (key === undefined), {path: ['cert'], error: 'needs key with it, and key needs cert'});

const sentinel = map({
	nodes: listOf(hostAndPort(), 'Sentinels, as in 10.0.3.1:26379').describe('All Sentinels, host:port'),
	master: text('the name under which the Sentinels watch the master').describe('The name under which they watch the master'),
	username: user().optional().describe('ACL user of the Sentinels themselves'),
	password: password().optional().describe('Password of the Sentinels themselves'),
});

/** Words that are meant for `production` and would not be taken for it. */
const isNearlyProduction = (word: string): boolean => /^(pro?d|live)/.test(word) || closest(word, ['production']) !== undefined;

const environment = text('one word in lower case, as in production or staging', /^[a-z][a-z0-9_-]{0,31}$/).refine(
	word => word === 'production' || !isNearlyProduction(word),
	'must be written production: only this word makes the console ask before every action',
);

const targetKeys = map({
	url: redisUrl().optional().describe('redis://[[USER]:PASSWORD@]HOST[:PORT][/DB], rediss:// with TLS, unix://PATH'),
	host: host().optional().describe('Instead of url: host name or address'),
	port: whole({from: 1, to: 65_535}).optional().describe('With host (6379)'),
	socket: text('a whole path, as in /run/redis.sock', /^\/[^\p{C}]+$/u)
		.optional()
		.describe('Instead of url: path of a unix socket'),
	username: user().optional().describe('ACL user'),
	password: password()
		.optional()
		.describe(`Password; ${variable('VAR')} keeps it out of the file, and REDISCLI_AUTH comes before it`),
	db: whole({from: 0, to: 2 ** 31 - 1})
		.optional()
		.describe('Database number (0)'),
	environment: environment.optional().describe('production makes the console ask before every action; others are only shown'),
	'read-only': z
		.literal([true, false, 'locked'], 'must be true, false or locked')
		.default(false)
		.describe('true: starts read-only; locked: and stays it, whatever is pressed'),
	tls: z.union([z.boolean(), tls], 'must be true, false, or a map with cacert, cacertdir, cert, key, sni, insecure').optional().describe('true, or a map with'),
	sentinel: sentinel.optional().describe('Instead of url: ask these Sentinels where the master is'),
	cluster: yesNo().default(false).describe('The server is one of a Redis Cluster'),
});

type TargetKeys = z.output<typeof targetKeys>;
type Refusal = readonly [key: keyof TargetKeys, what: string];

/** What single keys cannot tell. */
function refusals(target: TargetKeys): readonly Refusal[] {
	return [...placeRefusals(target), ...loginRefusals(target), ...tlsRefusals(target)];
}

const places = ['url', 'host', 'socket', 'sentinel'] as const;

function placeRefusals(target: TargetKeys): readonly Refusal[] {
	const [place, another] = places.filter(key => target[key] !== undefined);
	const found: Refusal[] = [];
	// Path of a key that is not there: the problem is shown at the name of the target.
	if (place === undefined) found.push(['url', 'is missing: give url, host, socket or sentinel']);
	if (another !== undefined) found.push([another, `cannot stand beside ${place}: both say where the server is, give one of them`]);
	if (target.port !== undefined && target.host === undefined) found.push(['port', 'cannot stand without host']);
	if (target.cluster && (target.sentinel !== undefined || target.socket !== undefined)) found.push(['cluster', 'needs url or host, one node of the cluster']);
	return found;
}

function loginRefusals({url, username, password: given, db}: TargetKeys): readonly Refusal[] {
	if (url === undefined) return [];
	const {parts} = readRedisUrl(url);
	if (!parts) return [];
	const found: Refusal[] = [];
	if (username !== undefined && parts.username !== undefined) found.push(['username', 'cannot stand beside a url with a user in it']);
	if (given !== undefined && parts.password !== undefined && !parts.hasBareUserinfo)
		found.push(['password', 'cannot stand beside a url with a password in it']);
	if (db !== undefined && parts.db !== undefined) found.push(['db', 'cannot stand beside a url with a database in it']);
	return found;
}

function tlsRefusals({url, socket, tls: given}: TargetKeys): readonly Refusal[] {
	const parts = url === undefined ? undefined : readRedisUrl(url).parts;
	if (given === false && parts?.isTls) return [['tls', 'cannot be false beside a rediss:// url']];
	if (given && (socket !== undefined || parts?.endpoint.kind === 'unix')) return [['tls', 'cannot stand beside a unix socket, which has no TLS']];
	return [];
}

export const targets = named(
	targetKeys.superRefine((target, {addIssue}) => {
		for (const [key, message] of refusals(target)) addIssue({code: 'custom', path: [key], message});
	}),
);
