import type {RespClient} from '../../../src/demo/resp-client.ts';
import type {StateKind} from '../../../src/store/server-state.ts';
import type {ConsoleState} from '../../../src/store/store.ts';
import type {RedisOptions, TestRedis} from '../../helpers/redis-server.ts';
import type {TestSession} from '../../helpers/server-session.ts';

/** What a fault happens to: a server of its own, and a console on it that was opened when all was well. */
export type World = {
	readonly redis: TestRedis;
	/** A connection of an administrator, open from before the fault. */
	readonly witness: RespClient;
	/** Asks what the server would take now; the witness unless said, and the user whom the console is where the fault is about users. */
	asker?: RespClient;
	/** Is undone when the row is over, in reverse order. */
	readonly defer: (end: () => unknown) => void;
};

/** A state of facts/redis.md: how it comes about on a real server, and what the console has to make of it. */
export type Fault = {
	/** Its row in docs/faults.md. */
	readonly name: string;
	readonly redis?: RedisOptions;
	/** Before anything else: another server, a proxy. Returns what the console is started with; the server's URL unless said. */
	readonly arrange?: (world: World) => Promise<readonly string[] | undefined>;
	/** Of the keys that every world has; by default one of each kind. */
	readonly seed?: (world: World) => Promise<unknown>;
	/** How it is before the fault, and after it: OK unless said. */
	readonly usual?: StateKind;
	readonly strike: (world: World, session: TestSession) => Promise<unknown>;
	/** The badge. */
	readonly kind: StateKind;
	/** What else must be known of it to have noticed it. */
	readonly isTold?: (state: ConsoleState) => unknown;
	/** Said in the table instead of what was offered, where that hangs on the moment at which rights were asked about. */
	readonly offers?: string;
	/** What is waited for beside that before anything is judged: figures that follow a moment later. */
	readonly isSettled?: (state: ConsoleState) => unknown;
	/** Undefined: it does not end. */
	readonly lift?: (world: World, session: TestSession) => Promise<unknown>;
	readonly isBack?: (state: ConsoleState) => unknown;
	/** The worst finding: a word that its title must have, or that of the advice where there is no finding. */
	readonly says: RegExp;
	/** Offered before and refused now although the server would take it, each with the reason why that is right. */
	readonly withheld?: Readonly<Record<string, string>>;
	/** Of these the server cannot be asked in this state: it does not answer. */
	readonly isMute?: boolean;
	/** What this user may do cannot be known (no ACL DRYRUN): the attempt tells. */
	readonly isGuess?: boolean;
	/** Longer than two intervals, and why. */
	readonly slow?: {readonly ms: number; readonly because: string};
	/** The witness has lost its connection with the server. */
	readonly isRestarted?: boolean;
	/** The id of the finding to be told of; the worst that is more than a risk unless said. */
	readonly finding?: string;
	/** Nothing was read before: the console cannot get in at all. */
	readonly isNew?: boolean;
};

/** What was seen of it. */
export type Seen = {
	readonly shows: string;
	readonly offers: string;
	readonly noticedMs: number;
	readonly recoveredMs: number;
};

/** The queue that every world has. */
export const queueName = 'bull:orders';
