#!/usr/bin/env node
// Builds dist-binary/redis-triage: the program with Node inside (a single executable application), for machines without Node. Node's own builder does it;
// that Node comes from the npm registry (scripts/lib/nodes.mjs). Its debug symbols are left out where binutils' `strip` is at hand: a fifth of the file.
import {spawnSync} from 'node:child_process';
import {copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, statSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fetchNode, NoSuchNode} from './lib/nodes.mjs';
import {root} from './lib/root.mjs';
import {run} from './lib/run.mjs';

/** With this it ends where no Node can be had: nothing is wrong with the program. */
const noNodeCode = 3;
/** The first with a builder of its own. */
const builder = 26;
const out = join(root, 'dist-binary');
const dist = join(root, 'dist');

try {
	process.exitCode = main();
} catch (error) {
	if (!(error instanceof NoSuchNode)) throw error;
	process.stderr.write(`build-binary: ${error.message}\n`);
	process.exitCode = noNodeCode;
}

function main() {
	const built = run(['node', 'scripts/build-if-stale.mjs'], 'inherit');
	if (built.status !== 0) return 1;
	console.log(`Node ${builder} from the npm registry, unless it is here already, and then half a minute of work …`);
	const node = fetchNode(builder);
	const work = mkdtempSync(join(tmpdir(), 'redis-triage-binary-'));
	try {
		rmSync(out, {recursive: true, force: true});
		mkdirSync(out);
		assemble(node, work);
	} finally {
		rmSync(work, {recursive: true, force: true});
	}
	copyFileSync(join(root, 'LICENSE'), join(out, 'LICENSE'));
	const notices = readFileSync(join(dist, 'THIRD-PARTY-NOTICES.txt'), 'utf8');
	const ofNode = `${'-'.repeat(80)}\nNode.js ${node.version}, with all that it contains\n\n${readFileSync(join(node.folder, 'LICENSE'), 'utf8')}`;
	writeFileSync(join(out, 'THIRD-PARTY-NOTICES.txt'), `${notices}\n${ofNode}`);
	const {size} = statSync(join(out, 'redis-triage'));
	console.log(`dist-binary/redis-triage: ${Math.round(size / 1e6)} MB, Node ${node.version} inside`);
	return 0;
}

function assemble(node, work) {
	const config = {
		// What the build leaves beside, so that it can start from V8's code cache.
		main: join(root, '.build/redis-triage.cjs'),
		mainFormat: 'commonjs',
		useCodeCache: true,
		executable: stripped(node),
		output: join(work, 'redis-triage'),
		disableExperimentalSEAWarning: true,
		// What the operator's shell tells other Node programs (NODE_OPTIONS) is not for this one.
		execArgvExtension: 'none',
		assets: {'redis-triage-queues.cjs': join(dist, 'redis-triage-queues.cjs')},
	};
	const configFile = join(work, 'sea.json');
	writeFileSync(configFile, JSON.stringify(config));
	const {status, stdout, stderr} = spawnSync(node.binary, ['--build-sea', configFile], {encoding: 'utf8', cwd: work});
	if (status !== 0) throw new Error(`node --build-sea failed:\n${stdout}${stderr}`);
	copyFileSync(config.output, join(out, 'redis-triage'));
}

/** Kept beside the Node that it is made of. */
function stripped({binary, folder}) {
	const file = join(folder, 'node-stripped');
	if (existsSync(file)) return file;
	const {status, error} = spawnSync('strip', ['-o', `${file}.part`, binary]);
	if (error || status !== 0) return binary;
	renameSync(`${file}.part`, file);
	return file;
}
