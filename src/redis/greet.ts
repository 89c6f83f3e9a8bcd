import {ServerRefusedError} from '../errors.ts';
import {classifyError} from './parse/errors.ts';
import {type Hello, parseHello} from './parse/hello.ts';
import type {Target} from './target.ts';

export type Call = (argv: readonly string[]) => Promise<unknown>;

/** What the server told of itself and of us; `clientId` is undefined where it does not say (before Redis 5). */
export type Greeting = {readonly hello: Hello | undefined; readonly clientId: string | undefined};

/**
 * Log in and give the connection its name in one command: HELLO is answered in BUSY, LOADING and MASTERDOWN, where
 * CLIENT SETNAME is refused (facts A2). Always protocol 2: RESP3 adds nothing here and 6.0 speaks both.
 * Rejects with what `call` rejects with.
 */
export async function greet(call: Call, target: Target, name: string): Promise<Greeting> {
	const password = target.password?.reveal();
	const login = password === undefined ? [] : ['AUTH', target.username ?? 'default', password];
	try {
		const hello = parseHello(await call(['HELLO', '2', ...login, 'SETNAME', name]));
		return {hello, clientId: hello?.clientId};
	} catch (error) {
		if (!(error instanceof ServerRefusedError)) throw error;
		const {kind} = classifyError(error.message);
		// Some servers tell nobody before the login that they have no such command (Valkey 9). One that has it would judge the password.
		const isMissing = kind === 'unknown-command' || (kind === 'noauth' && password !== undefined);
		if (!isMissing) throw error;
		return greetWithoutHello(call, target, name);
	}
}

/** Before Redis 6, and where HELLO is renamed. Only the login must succeed; name and id are niceties. */
async function greetWithoutHello(call: Call, target: Target, name: string): Promise<Greeting> {
	const password = target.password?.reveal();
	if (password !== undefined) await call(['AUTH', ...(target.username === undefined ? [] : [target.username]), password]);
	await unlessRefused(call(['CLIENT', 'SETNAME', name]));
	const id = await unlessRefused(call(['CLIENT', 'ID']));
	return {hello: undefined, clientId: id === undefined ? undefined : String(id)};
}

async function unlessRefused(reply: Promise<unknown>): Promise<unknown> {
	try {
		return await reply;
	} catch (error) {
		if (error instanceof ServerRefusedError) return undefined;
		throw error;
	}
}
