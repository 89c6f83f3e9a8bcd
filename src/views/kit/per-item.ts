/** What is made of an item, once as long as item and flags are the same: rows of a list that a key does not touch. */
export function perItem<Item extends object, Flags extends readonly unknown[], Made>(
	make: (item: Item, ...flags: Flags) => Made,
): (item: Item, ...flags: Flags) => Made {
	const known = new WeakMap<Item, {readonly flags: Flags; readonly made: Made}>();
	return (item, ...flags) => {
		const before = known.get(item);
		if (before?.flags.every((flag, index) => flag === flags[index])) return before.made;
		const made = make(item, ...flags);
		known.set(item, {flags, made});
		return made;
	};
}
