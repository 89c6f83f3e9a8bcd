/** A buffer that grows: small numbers take few bytes. */
export class ByteWriter {
	#bytes: Buffer = Buffer.allocUnsafe(4096);
	#length = 0;

	byte(value: number): void {
		this.#reserve(1);
		this.#bytes[this.#length++] = value;
	}

	/** A whole number from 0 up: seven bits a byte, the lowest first; all but the last byte have the eighth bit set. */
	count(value: number): void {
		this.#reserve(8);
		let rest = value;
		while (rest >= 0x80) {
			this.#bytes[this.#length++] = (rest % 0x80) | 0x80;
			rest = Math.floor(rest / 0x80);
		}
		this.#bytes[this.#length++] = rest;
	}

	/** A whole number with its sign in the lowest bit: 0, -1, 1, -2, 2 … are 0, 1, 2, 3, 4 … */
	whole(value: number): void {
		this.count(value < 0 ? -2 * value - 1 : 2 * value);
	}

	float(value: number): void {
		this.#reserve(8);
		this.#bytes.writeDoubleLE(value, this.#length);
		this.#length += 8;
	}

	/** Its length in bytes, and the bytes. Of a text with half a surrogate pair, which UTF-8 does not have, the code units. */
	text(value: string, encoding: 'utf8' | 'utf16le'): void {
		const length = Buffer.byteLength(value, encoding);
		this.count(length);
		this.#reserve(length);
		this.#length += this.#bytes.write(value, this.#length, encoding);
	}

	/** What has been written since the last time. */
	take(): Buffer {
		const taken = Buffer.from(this.#bytes.subarray(0, this.#length));
		this.#length = 0;
		return taken;
	}

	#reserve(more: number): void {
		if (this.#length + more <= this.#bytes.length) return;
		const larger = Buffer.allocUnsafe(Math.max(this.#bytes.length * 2, this.#length + more));
		this.#bytes.copy(larger, 0, 0, this.#length);
		this.#bytes = larger;
	}
}

/** The bytes are not what a recorder writes. */
export class DamagedError extends Error {
	override readonly name = 'DamagedError' as const;
}

/** Reads what `ByteWriter` has written. Throws DamagedError where the bytes end too soon. */
export class ByteReader {
	readonly #bytes: Buffer;
	#at = 0;

	constructor(bytes: Buffer) {
		this.#bytes = bytes;
	}

	get isAtEnd(): boolean {
		return this.#at >= this.#bytes.length;
	}

	byte(): number {
		const value = this.#bytes[this.#at++];
		if (value === undefined) throw new DamagedError('it ends in the middle of a frame');
		return value;
	}

	count(): number {
		let value = 0;
		for (let factor = 1; factor < 2 ** 56; factor *= 0x80) {
			const byte = this.byte();
			value += (byte & 0x7f) * factor;
			if (byte < 0x80) return value;
		}
		throw new DamagedError('a number has too many digits');
	}

	whole(): number {
		const value = this.count();
		return value % 2 === 1 ? -(value + 1) / 2 : value / 2;
	}

	float(): number {
		return this.part(8).readDoubleLE(0);
	}

	text(encoding: 'utf8' | 'utf16le'): string {
		return this.part(this.count()).toString(encoding);
	}

	part(length: number): Buffer {
		const end = this.#at + length;
		if (end > this.#bytes.length) throw new DamagedError('it ends in the middle of a frame');
		const part = this.#bytes.subarray(this.#at, end);
		this.#at = end;
		return part;
	}
}
