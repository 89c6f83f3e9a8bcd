const mask = '[secret]';

/** A password on its way to the server. Every implicit road to text (template, JSON, console.log, inspect) gives `[secret]`; only `reveal` gives the value. */
export class Secret {
	readonly #value: string;

	constructor(value: string) {
		this.#value = value;
	}

	/** The value itself. Call it where the bytes go to the server, and nowhere else. */
	reveal(): string {
		return this.#value;
	}

	toString(): string {
		return mask;
	}

	toJSON(): string {
		return mask;
	}

	[Symbol.for('nodejs.util.inspect.custom')](): string {
		return mask;
	}
}
