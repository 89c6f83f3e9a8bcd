/** What the user typed cannot be used. One line for stderr: what was wrong, where, and what would be right. */
export class UsageError extends Error {
	override readonly name = 'UsageError' as const;
}

/** The server answered, and the answer was an error: nothing was changed. `code` is the first word of the reply (`NOPERM`, `BUSY`, `ERR` …). */
export class ServerRefusedError extends Error {
	override readonly name = 'ServerRefusedError' as const;
	readonly code: string;

	constructor(message: string) {
		super(message);
		this.code = message.split(' ', 1)[0] ?? '';
	}
}

/** The command left, and its connection closed before the reply came. It may or may not have run: never retry it, never call it failed. */
export class ReplyLostError extends Error {
	override readonly name = 'ReplyLostError' as const;
}

/** The command left, and our deadline passed before the reply came. It may still run: never retry it, never call it failed. */
export class DeadlineError extends Error {
	override readonly name = 'DeadlineError' as const;
}

/** The command never left this machine: there was no connection, or the server still owes an earlier reply. */
export class NotSentError extends Error {
	override readonly name = 'NotSentError' as const;
}

/** What a caught value says of itself. */
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** The server, or the way to it, did not do what was asked: an outcome to be told. Anything else is a defect of this program. */
export const isTrouble = (error: unknown): error is Error =>
	error instanceof ServerRefusedError || error instanceof ReplyLostError || error instanceof DeadlineError || error instanceof NotSentError;
