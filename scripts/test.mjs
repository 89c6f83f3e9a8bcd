#!/usr/bin/env node
// Everything that must hold, in one run. The very last line is `N passed, N failed`: one for each static step, one for each test.
import {run} from './lib/run.mjs';
import {chosenServers, fetchedServers} from './lib/servers.mjs';
import {runVitest} from './lib/vitest.mjs';

const staticSteps = {
	typecheck: ['tsc'],
	lint: ['biome', 'check', '--error-on-warnings'],
	'dead code': ['knip', '--no-progress'],
	build: ['vite', 'build', '--logLevel', 'warn'],
};

/** What differs most between products: states, refusals, killing a script, clients, what an ACL user may. All of them: `npm run test:servers`. */
const secondServerTests = ['states', 'stuck', 'limited-users', 'check-states', 'actions/client-kill', 'script-text', 'large-commands'].map(
	name => `test/integration/${name}.test.ts`,
);

process.exitCode = main();

function main() {
	const redis = run(['node', 'scripts/ensure-redis.mjs', '--tests'], 'inherit');
	if (redis.status !== 0) return close({passed: 0, failed: 1, skipped: 0});

	const results = Object.entries(staticSteps).map(([name, argv]) => ({name, passed: staticStep(name, argv)}));
	const hasBuild = results.find(({name}) => name === 'build')?.passed === true;
	if (hasBuild) results.push(...binaryStep());
	const passed = results.filter(result => result.passed).length;
	const [first] = chosenServers();
	const projects = hasBuild ? ['unit', 'integration', 'e2e'] : ['unit', 'integration'];
	const tests = [
		runVitest(
			projects.flatMap(name => ['--project', name]),
			process.env.REDIS_SERVERS ? {REDIS_SERVER: first.binary} : {},
		),
		secondServer(first.name),
	];
	const sum = key => tests.reduce((total, counts) => total + counts[key], 0);
	return close({passed: passed + sum('passed'), failed: results.length - passed + sum('failed'), skipped: sum('skipped')});
}

function staticStep(name, argv) {
	const startedAt = Date.now();
	const {status, stdout, stderr} = run(argv, 'pipe');
	const passed = status === 0;
	console.log(`${passed ? '✓' : '✗'} ${name} (${((Date.now() - startedAt) / 1000).toFixed(1)} s)`);
	if (!passed) process.stdout.write(`${stdout}${stderr}\n`);
	return passed;
}

/** The end-to-end tests run the standalone executable too. Where no Node can be had to put inside, it says so. */
function binaryStep() {
	const startedAt = Date.now();
	const {status, stdout, stderr} = run(['node', 'scripts/build-binary.mjs'], 'pipe');
	if (status === 3) {
		console.log(`- no binary was tested. ${stderr.trim()}`);
		return [];
	}
	console.log(`${status === 0 ? '✓' : '✗'} binary (${((Date.now() - startedAt) / 1000).toFixed(1)} s)${status === 0 ? '' : `\n${stdout}${stderr}`}`);
	return [{name: 'binary', passed: status === 0}];
}

/** A small part of the integration tests again, on a server of another product or version. Where none can be had, it says so. */
function secondServer(first) {
	const named = (process.env.REDIS_SERVERS ?? '').split(':').filter(path => path !== '');
	const fetched = named.length > 1 ? undefined : run(['node', 'scripts/fetch-servers.mjs', '--first'], 'pipe');
	const others = (named.length > 1 ? chosenServers() : fetchedServers()).filter(({name}) => name !== first);
	const second = others.find(({name}) => name.split('-')[0] !== first?.split('-')[0]) ?? others[0];
	if (!second) {
		console.log(`- no second server, so only ${first} was tested. ${fetched?.stderr.trim() ?? ''}`);
		return {passed: 0, failed: 0, skipped: 0};
	}
	console.log(`\n== again on ${second.name}: ${secondServerTests.length} files`);
	return runVitest(['--project', 'integration', ...secondServerTests], {REDIS_SERVER: second.binary});
}

/** Prints the closing line and returns the exit code. */
function close({passed, failed, skipped}) {
	console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
	return failed > 0 ? 1 : 0;
}
