/** Remember the last call: the same arguments by identity give the same result object, so that nothing renders twice. */
export function memoizeLatest<Args extends readonly unknown[], Result>(compute: (...args: Args) => Result): (...args: Args) => Result {
	let last: {readonly args: Args; readonly result: Result} | undefined;
	return (...args) => {
		const isSame = last?.args.every((value, index) => Object.is(value, args[index]));
		if (!last || !isSame) last = {args, result: compute(...args)};
		return last.result;
	};
}

/** As `memoizeLatest`, for each first argument by itself and as long as that is there: what was made of a list goes with the list. */
export function memoizeOn<Of extends object, Args extends readonly unknown[], Result>(
	compute: (of: Of, ...args: Args) => Result,
): (of: Of, ...args: Args) => Result {
	const known = new WeakMap<Of, {readonly args: Args; readonly result: Result}>();
	return (of, ...args) => {
		const before = known.get(of);
		if (before?.args.every((value, index) => Object.is(value, args[index]))) return before.result;
		const result = compute(of, ...args);
		known.set(of, {args, result});
		return result;
	};
}
