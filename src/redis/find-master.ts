import {type Clock, systemClock} from '../clock.ts';
import {isTrouble, ServerRefusedError, UsageError} from '../errors.ts';
import type {Link} from './link.ts';
import {classifyError} from './parse/errors.ts';
import {toTexts} from './parse/reply.ts';
import {parseMasterNames, parseWatchedMaster} from './parse/sentinel.ts';
import {sentinelReplyMs, withSentinel} from './sentinel-client.ts';
import {address, parseHost, parsePort, type SentinelAccess, type TcpEndpoint, type TlsSettings} from './target.ts';

type Asking = {
	readonly tls: TlsSettings | undefined;
	/** How it was given, for messages: what names the Sentinels, and what names the master. */
	readonly from: {readonly nodes: string; readonly master: string};
	readonly clock?: Clock;
};

/** Ask the Sentinels where the master is. */
export type FindMaster = (access: SentinelAccess, asking: Asking) => Promise<TcpEndpoint>;

type Answer =
	| {readonly kind: 'found'; readonly endpoint: TcpEndpoint; readonly epoch: number}
	| {readonly kind: 'unknown'; readonly names: readonly string[]}
	| {readonly kind: 'failed'; readonly reason: string};

/** Once one has answered, how long the others have: one that was cut off knows the master of yesterday. */
const graceMs = 250;

/** All are asked at once and each once; of several answers the one of the latest failover counts. Rejects with a UsageError that says what each said. */
export const findMaster: FindMaster = async (access, {tls, from, clock = systemClock}) => {
	const answers = new Map<TcpEndpoint, Answer>();
	let tellFound = () => {};
	const isFound = new Promise<void>(resolve => {
		tellFound = resolve;
	});
	const asked = access.nodes.map(async node => {
		const answer = await askOne(node, {access, tls, clock});
		answers.set(node, answer);
		if (answer.kind === 'found') tellFound();
	});
	await Promise.race([Promise.all(asked), isFound.then(() => clock.sleep(graceMs, new AbortController().signal))]);
	const inOrder = access.nodes.flatMap(node => {
		const answer = answers.get(node);
		return answer ? [{node: address(node), answer}] : [];
	});
	const [best] = inOrder.flatMap(({answer}) => (answer.kind === 'found' ? [answer] : [])).toSorted((a, b) => b.epoch - a.epoch);
	if (best) return best.endpoint;
	throw new UsageError(whyNot(access.master, inOrder, from));
};

async function askOne(
	node: TcpEndpoint,
	{access, tls, clock}: Pick<Asking, 'tls'> & {readonly access: SentinelAccess; readonly clock: Clock},
): Promise<Answer> {
	try {
		return await withSentinel(node, {access, tls, clock, name: 'redis-triage:sentinel'}, link => whereIs(access.master, link));
	} catch (error) {
		if (!isTrouble(error)) throw error;
		const isOther = error instanceof ServerRefusedError && classifyError(error.message).kind === 'unknown-command';
		return {kind: 'failed', reason: isOther ? 'what answers there is no Sentinel' : error.message};
	}
}

async function whereIs(master: string, link: Link): Promise<Answer> {
	const [where, watched] = await link.sendAll(
		[
			['SENTINEL', 'GET-MASTER-ADDR-BY-NAME', master],
			['SENTINEL', 'MASTER', master],
		],
		sentinelReplyMs,
	);
	if (where instanceof Error) throw where;
	if (where === null) return {kind: 'unknown', names: parseMasterNames(await link.send(['SENTINEL', 'MASTERS'], sentinelReplyMs))};
	const [host = '', port = ''] = toTexts(where) ?? [];
	const parsed = {host: parseHost(host), port: parsePort(port)};
	if (parsed.host === undefined || parsed.port === undefined) return {kind: 'failed', reason: 'it tells no usable address'};
	return {kind: 'found', endpoint: {kind: 'tcp', host: parsed.host, port: parsed.port}, epoch: parseWatchedMaster(watched)?.configEpoch ?? 0};
}

type Told = {readonly node: string; readonly answer: Answer};

function whyNot(master: string, told: readonly Told[], from: Asking['from']): string {
	const isUnknown = told.some(({answer}) => answer.kind === 'unknown');
	const each = told.map(({node, answer}) => `${node}: ${wordsOf(answer)}`).join('; ');
	const shown = /^[\w.-]{1,64}$/.test(master) ? `"${master}"` : 'this name';
	const text = isUnknown ? `${from.master}: the Sentinels know no master ${shown}: ${each}` : `${from.nodes}: no Sentinel tells where the master is: ${each}`;
	// Names and error replies are others' text, and this is one line.
	return text.replace(/\p{C}/gu, '?');
}

const shownNames = 10;

function wordsOf(answer: Answer): string {
	if (answer.kind === 'failed') return answer.reason;
	const {names} = answer.kind === 'unknown' ? answer : {names: []};
	const more = names.length > shownNames ? ` and ${names.length - shownNames} more` : '';
	return names.length === 0 ? 'it watches none' : `it watches ${names.slice(0, shownNames).join(', ')}${more}`;
}
