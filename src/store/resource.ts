/** Something read from the server, with its age and its troubles. The last good data stay when a read fails. */
export type Resource<T> = {
	readonly data: T | undefined;
	/** When `data` was received, ms since the epoch. */
	readonly updatedAtMs: number | undefined;
	/** Failed reads since the last good one. */
	readonly failures: number;
	readonly error: string | undefined;
	/** The server does not let this user run it, or does not know it: not asked again on this connection. */
	readonly refused: Refused | undefined;
};

export type Refused = {readonly command: string; readonly reason: string};

export const emptyResource: Resource<never> = {data: undefined, updatedAtMs: undefined, failures: 0, error: undefined, refused: undefined};

export const received = <T>(data: T, atMs: number): Resource<T> => ({data, updatedAtMs: atMs, failures: 0, error: undefined, refused: undefined});

export const failed = <T>(resource: Resource<T>, error: string): Resource<T> => ({...resource, failures: resource.failures + 1, error});

export const refused = <T>(resource: Resource<T>, command: string, reason: string): Resource<T> => ({...resource, refused: {command, reason}});
