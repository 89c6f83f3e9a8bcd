import {tooOldText} from './node-version.ts';
import type {Bundle} from './start.ts';

/**
 * What stands at the top of dist/redis-triage.mjs: the program itself is CommonJS in a block comment below, for only a script can be compiled with
 * a code cache (Node 20). A Node that is too old must be able to parse all of this and has to be told before anything else of it is used.
 */
declare const bundle: Bundle;

const problem = tooOldText(process.versions.node, process.execPath);
if (problem === undefined) void import('./start.ts').then(({start}) => start(import.meta.url, bundle));
else {
	process.stderr.write(problem);
	process.exitCode = process.argv[2] === 'check' ? 3 : 2;
}
