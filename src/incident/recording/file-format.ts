import {crc32} from 'node:zlib';

/** `docs/recording.md` describes the format. Whatever else is read has another number. */
const formatVersion = 1;

const magic = Buffer.from('\x89RTREC\r\n', 'latin1');

/** The first bytes of every file: what it is, and in which version of the format. */
export const fileStart = Buffer.concat([magic, Buffer.from([formatVersion, 0, 0, 0])]);

export const recordKinds = {
	/** Who has written the file: JSON. */
	about: 1,
	/** Where a chunk begins: all of a frame. */
	key: 2,
	/** What has changed since the frame before. */
	delta: 3,
	/** What has come to the timeline. */
	timeline: 4,
} as const;

type RecordKind = (typeof recordKinds)[keyof typeof recordKinds];

export type FileRecord = {
	readonly kind: RecordKind;
	readonly atMs: number;
	readonly payload: Buffer;
	/** Of a frame that is written in parts: more of it follows, and without that it is no frame. */
	readonly isPart?: boolean;
};

/** In front of every payload: kind, whether it is a part (1), when (6 bytes), length (4), its checksum (4), and the checksum of this head (4); lowest byte first. */
const headLength = 20;
const partFlag = 1;

export function toBytes({kind, atMs, payload, isPart = false}: FileRecord): Buffer {
	const head = Buffer.alloc(headLength);
	head.writeUInt8(kind, 0);
	head.writeUInt8(isPart ? partFlag : 0, 1);
	head.writeUIntLE(atMs, 2, 6);
	head.writeUInt32LE(payload.length, 8);
	head.writeUInt32LE(crc32(payload), 12);
	head.writeUInt32LE(crc32(head.subarray(0, 16)), 16);
	return Buffer.concat([head, payload]);
}

/** Where something is not as it was written. */
type Wrong = {readonly atByte: number; readonly reason: string};

export type Scan = {
	readonly records: readonly FileRecord[];
	/** The last record is not whole: the file is still being written, or its writer was killed. */
	readonly isCut: boolean;
	readonly wrong: Wrong | undefined;
};

/** The records of a file, up to the first that is damaged. Their payloads are parts of `bytes`. */
export function scan(bytes: Buffer): Scan {
	const records: FileRecord[] = [];
	for (let at = fileStart.length; at < bytes.length; ) {
		const next = recordAt(bytes, at);
		if (next === 'cut') return {records, isCut: true, wrong: undefined};
		if ('reason' in next) return {records, isCut: false, wrong: next};
		records.push(next);
		at += headLength + next.payload.length;
	}
	return {records, isCut: false, wrong: undefined};
}

const kinds: ReadonlySet<number> = new Set(Object.values(recordKinds));
const isKind = (kind: number): kind is RecordKind => kinds.has(kind);

function recordAt(bytes: Buffer, atByte: number): FileRecord | Wrong | 'cut' {
	if (atByte + headLength > bytes.length) return 'cut';
	const head = bytes.subarray(atByte, atByte + headLength);
	if (head.readUInt32LE(16) !== crc32(head.subarray(0, 16))) return {atByte, reason: 'the head of a record does not match its checksum'};
	const length = head.readUInt32LE(8);
	const end = atByte + headLength + length;
	if (end > bytes.length) return 'cut';
	const payload = bytes.subarray(atByte + headLength, end);
	if (head.readUInt32LE(12) !== crc32(payload)) return {atByte, reason: 'a record does not match its checksum'};
	const kind = head.readUInt8(0);
	const isPart = head.readUInt8(1) === partFlag;
	return isKind(kind) ? {kind, atMs: head.readUIntLE(2, 6), payload, isPart} : {atByte, reason: `there is no record of kind ${kind}`};
}

export type Start = 'empty' | 'other' | 'ok' | {readonly version: number};

/** What the first bytes of a file say of it. */
export function startOf(bytes: Buffer): Start {
	if (bytes.length < fileStart.length) return fileStart.subarray(0, bytes.length).equals(bytes) ? 'empty' : 'other';
	if (bytes.subarray(0, fileStart.length).equals(fileStart)) return 'ok';
	const version = bytes.readUInt8(magic.length);
	return bytes.subarray(0, magic.length).equals(magic) && version !== formatVersion ? {version} : 'other';
}

/** What a file says of itself. */
export type About = {
	readonly program: string;
	readonly version: string;
	readonly startedAtMs: number;
	/** Names are hashes: what is the same in one recording has the same. */
	readonly isRedacted: boolean;
};

/** How a chunk's deflate stream is flushed after each frame; the four bytes are the same every time, and are not written. */
export const flushEnd = Buffer.from([0, 0, 0xff, 0xff]);
