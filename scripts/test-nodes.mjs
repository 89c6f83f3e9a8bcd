#!/usr/bin/env node
// Runs the suite on each Node that the program is for, and prints a table. They come from the npm registry, into node_modules/.cache.
// Numbers choose Nodes; what follows goes to vitest: `npm run test:nodes -- 24 26 --project unit`.
// On a Node that is too old the built program has to say so in one line.
import {spawnSync} from 'node:child_process';
import {delimiter, join, relative} from 'node:path';
import {fetchNode, NoSuchNode, nodes, oldestMajor} from './lib/nodes.mjs';
import {binPath, root} from './lib/root.mjs';
import {run} from './lib/run.mjs';
import {runVitest} from './lib/vitest.mjs';

const args = process.argv.slice(2);
const firstOther = args.findIndex(arg => !/^\d+$/.test(arg));
const chosen = (firstOther < 0 ? args : args.slice(0, firstOther)).map(Number);
const vitestArgs = firstOther < 0 ? [] : args.slice(firstOther);
const majors = chosen.length > 0 ? chosen : nodes.map(({major}) => major);

const unknown = majors.find(major => !nodes.some(node => node.major === major));
if (unknown !== undefined) {
	process.stderr.write(`test-nodes: Node ${unknown} is none of ${nodes.map(({major}) => major).join(', ')}\n`);
	process.exit(1);
}

for (const step of [
	['node', 'scripts/ensure-redis.mjs', '--tests'],
	['node', 'scripts/build-if-stale.mjs'],
]) {
	const {status} = run(step, 'inherit');
	if (status !== 0) process.exit(1);
}

const results = majors.map(major => {
	const startedAt = Date.now();
	const result = resultOn(major);
	return {passed: 0, failed: 0, skipped: 0, failures: [], ...result, seconds: Math.round((Date.now() - startedAt) / 1000)};
});
for (const {name, failures} of results) for (const failure of failures) console.log(`✗ Node ${name}: ${relative(root, failure)}`);
for (const {name, passed, failed, skipped, seconds} of results) {
	console.log(`Node ${name}: ${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''} (${seconds} s)`);
}
process.exitCode = results.some(({failed}) => failed > 0) ? 1 : 0;

function resultOn(major) {
	try {
		const node = fetchNode(major);
		console.log(`\n== Node ${node.version}`);
		return {name: node.version, ...(major < oldestMajor ? refusal(node) : suite(node))};
	} catch (error) {
		if (!(error instanceof NoSuchNode)) throw error;
		return {name: major, failed: 1, failures: [error.message]};
	}
}

/** The first `node` on PATH is this one, for vitest and for everything that a test starts. */
function suite({folder, version}) {
	const PATH = [folder, binPath].join(delimiter);
	const {stdout} = spawnSync('node', ['-p', 'process.version'], {encoding: 'utf8', env: {...process.env, PATH}});
	if (stdout.trim() !== `v${version}`) throw new Error(`PATH leads to Node ${stdout.trim()} and not to ${version}`);
	return runVitest(vitestArgs, {PATH});
}

function refusal({binary, version}) {
	const {status, stdout, stderr} = spawnSync(binary, [join(root, 'dist/redis-triage.mjs'), '--version'], {encoding: 'utf8'});
	console.log(`${stdout}${stderr}`);
	const isRight = status !== 0 && stdout === '' && /^redis-triage[^\n]*Node[^\n]*\n$/.test(stderr) && stderr.includes(version);
	return isRight ? {passed: 1} : {failed: 1, failures: ['is too old, and is not told so in one line']};
}
