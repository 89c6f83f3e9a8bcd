/**
 * Ink 8 calls `Promise.withResolvers` when it waits for a frame, and Node 20 does not have it (Node 22 does).
 * Imported for its effect alone, and first, by every entry that runs Ink: the command line and the test terminal.
 */
if (!('withResolvers' in Promise)) {
	Object.defineProperty(Promise, 'withResolvers', {value: withResolvers, configurable: true, writable: true});
}

function withResolvers(): {promise: Promise<unknown>; resolve: (value: unknown) => void; reject: (reason: unknown) => void} {
	let resolve: (value: unknown) => void = () => {};
	let reject: (reason: unknown) => void = () => {};
	const promise = new Promise<unknown>((onValue, onReason) => {
		resolve = onValue;
		reject = onReason;
	});
	return {promise, resolve, reject};
}
