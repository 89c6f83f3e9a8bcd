import type {ClientRequest, IncomingMessage} from 'node:http';

/** The status of an answer, or why there was none, in words. Never rejects. */
type HttpAnswer = {readonly status: number; readonly error?: undefined} | {readonly status?: undefined; readonly error: string};

export type HttpGet = (url: string, signal: AbortSignal) => Promise<HttpAnswer>;

/** For name, connection, TLS and the head of the answer together. */
const longestMs = 5000;

/** One GET on a connection of its own: no redirect is followed, and of the answer only its head is read. */
export const httpGet =
	(timeoutMs: number = longestMs): HttpGet =>
	async (url, signal) => {
		const limit = AbortSignal.timeout(timeoutMs);
		try {
			const {request} = url.startsWith('https:') ? await import('node:https') : await import('node:http');
			const options = {agent: false, headers: {'user-agent': 'redis-triage', accept: '*/*'}, signal: AbortSignal.any([signal, limit])};
			return {status: await statusOf(request(url, options))};
		} catch (error) {
			if (limit.aborted) return {error: `no answer within ${timeoutMs / 1000} s`};
			return {error: inWords(error)};
		}
	};

function statusOf(request: ClientRequest): Promise<number> {
	return new Promise((resolve, reject) => {
		request.once('response', (response: IncomingMessage) => {
			// What comes after the head is of no interest, and may be without end.
			response.on('error', () => {});
			response.destroy();
			resolve(response.statusCode ?? 0);
		});
		// It stays: an error that comes after the answer must not end the program.
		request.on('error', reject);
		request.end();
	});
}

const words: Readonly<Record<string, string>> = {
	ECONNREFUSED: 'connection refused',
	ECONNRESET: 'the connection was closed without an answer',
	ENOTFOUND: 'there is no host of that name',
	EAI_AGAIN: 'the name cannot be looked up',
	EHOSTUNREACH: 'the host cannot be reached',
	ENETUNREACH: 'the network cannot be reached',
};

function inWords(error: unknown): string {
	if (!(error instanceof Error)) return String(error);
	const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
	if (code.startsWith('HPE_')) return 'what answers there does not speak HTTP';
	return words[code] ?? (error.message || code || 'no answer');
}
