import fs from 'node:fs';
import module from 'node:module';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import url from 'node:url';
import vm from 'node:vm';
import {openCodeCache, trustedUser} from './code-cache.ts';

/** The program in its file, as build/one-file.ts has put it there. */
export type Bundle = {
	/** Of the program's text: another program has another cache. */
	readonly hash: string;
	readonly length: number;
	/** From the end of the program to the end of the file. */
	readonly tail: number;
	/** Lines above it, for stack traces. */
	readonly linesAbove: number;
	/** Where in it a `/` has been taken out, which would have ended the comment. */
	readonly slashes: readonly number[];
};

type Program = {
	/** What `module.exports` of the program says, as soon as it runs. */
	readonly codeCache?: {
		/** What kind of a run it is; undefined: too short a one to keep anything of. */
		readonly kind: () => string | undefined;
		/** Nobody waits for anything, so that the tenth of a second that it takes to collect the code is not missed. */
		readonly calm: Promise<void>;
	};
};

/**
 * For long hours on a small machine: what a frame leaves behind is gone before the next one, so a heap that grows slowly does as well. Not at the start,
 * where all is new and a small heap would be collected all the time; and V8 takes no code cache that was made under other flags than it is
 * read. (--optimize-for-size saves another 20 MB, and costs a third more processor time for every key.)
 */
const memoryFlags = {
	frugal: ['--semi-space-growth-factor=1'],
	generous: ['--semi-space-growth-factor=2'],
};
const generousMs = 2000;
/**
 * At one frame a second a function runs too rarely for its optimized code to be worth what making it costs: in Node 20 other threads took as long for that
 * as the frames themselves. So it has to have run eight times as often as usual there. V8 of later ones waits longer by itself, and gained nothing.
 */
const optimizing = {major: 20, frugal: '--interrupt-budget=540672', generous: '--interrupt-budget=67584'};

/** V8 complains on the terminal about a flag that it does not know, so a Node that has not been tried gets none. */
const newestTried = 26;

const slash = 0x2f;
/** A run with a screen has compiled more than the others, and so its cache does for them, too. */
const kinds = ['console', 'command'];

/** Compile the program, with what V8 has kept of it if there is that, and run it. */
export function start(address: string, bundle: Bundle): void {
	const file = url.fileURLToPath(address);
	const cache = openCodeCache({
		cacheHome: process.env.XDG_CACHE_HOME,
		home: homeFolder(),
		userId: trustedUser(process),
		name: [bundle.hash, process.versions.v8, process.arch, flags()].join('-'),
	});
	const found = cache.read(kinds);
	const script = new vm.Script(programText(file, bundle), {
		filename: file,
		lineOffset: bundle.linesAbove,
		...(found && {cachedData: found.data}),
		importModuleDynamically: vm.constants?.USE_MAIN_CONTEXT_DEFAULT_LOADER,
	});
	const kindRead = script.cachedDataRejected === false ? found?.kind : undefined;
	const main = {exports: {} as Program};
	script.runInThisContext()(main.exports, module.createRequire(file), main, file, path.dirname(file));
	setTimeout(setFlags, generousMs, 'frugal').unref();
	keep(main.exports, kindRead, kind => {
		setFlags('generous');
		try {
			cache.write(kind, () => script.createCachedData(), kind === kinds[0] ? kinds.slice(1) : []);
		} finally {
			setFlags('frugal');
		}
	});
}

function setFlags(mode: 'frugal' | 'generous'): void {
	const major = Number.parseInt(process.versions.node, 10);
	if (major > newestTried) return;
	const v8 = process.getBuiltinModule('node:v8');
	for (const flag of memoryFlags[mode]) v8.setFlagsFromString(flag);
	if (major === optimizing.major) v8.setFlagsFromString(optimizing[mode]);
}

/** Once, and not while somebody may be waiting: in a long run when it is calm, else at its end. */
function keep({codeCache}: Program, kindRead: string | undefined, write: (kind: string) => void): void {
	if (codeCache === undefined || kindRead === kinds[0]) return;
	let isKept = false;
	const keepOnce = () => {
		const kind = codeCache.kind();
		if (isKept || kind === undefined || kind === kindRead) return;
		isKept = true;
		write(kind);
	};
	void codeCache.calm.then(keepOnce);
	process.on('exit', keepOnce);
}

/** One byte a character: nothing but ASCII is in it. */
function programText(file: string, bundle: Bundle): string {
	const bytes = fs.readFileSync(file);
	const end = bytes.length - bundle.tail;
	const begin = end - bundle.length;
	for (const at of bundle.slashes) bytes[begin + at] = slash;
	return bytes.toString('latin1', begin, end);
}

/** V8 takes no cache that was made under other flags; each combination has its own. */
function flags(): string {
	let hash = 0;
	for (const character of [...process.execArgv, process.env.NODE_OPTIONS ?? ''].join(' ')) hash = (Math.imul(hash, 31) + character.charCodeAt(0)) >>> 0;
	return hash.toString(36);
}

/** HOME, or what passwd says; there may be neither. */
function homeFolder(): string {
	try {
		return os.homedir();
	} catch {
		return '';
	}
}
