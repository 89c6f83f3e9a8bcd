#!/usr/bin/env node
// Everything that must hold, in one run. The very last line is `N passed, N failed`: one for each static step, one for each test.
import {spawnSync} from 'node:child_process';
import {existsSync, mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {binPath, root} from './lib/root.mjs';

const staticSteps = {
	typecheck: ['tsc'],
	lint: ['biome', 'check', '--error-on-warnings'],
	'dead code': ['knip', '--no-progress'],
	build: ['vite', 'build', '--logLevel', 'warn'],
};

process.exitCode = main();

function main() {
	const redis = run(['node', 'scripts/ensure-redis.mjs', '--tests'], 'inherit');
	if (redis.status !== 0) return close({passed: 0, failed: 1, skipped: 0});

	const results = Object.entries(staticSteps).map(([name, argv]) => ({name, passed: staticStep(name, argv)}));
	const hasBuild = results.find(({name}) => name === 'build')?.passed === true;
	const passed = results.filter(result => result.passed).length;
	const tests = vitest(hasBuild ? ['unit', 'integration', 'e2e'] : ['unit', 'integration']);
	return close({passed: passed + tests.passed, failed: results.length - passed + tests.failed, skipped: tests.skipped});
}

function staticStep(name, argv) {
	const startedAt = Date.now();
	const {status, stdout, stderr} = run(argv, 'pipe');
	const passed = status === 0;
	console.log(`${passed ? '✓' : '✗'} ${name} (${((Date.now() - startedAt) / 1000).toFixed(1)} s)`);
	if (!passed) process.stdout.write(`${stdout}${stderr}\n`);
	return passed;
}

function vitest(projects) {
	const folder = mkdtempSync(join(tmpdir(), 'redis-triage-test-'));
	const report = join(folder, 'report.json');
	try {
		const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
		const {status} = run(['vitest', 'run', ...projects.flatMap(name => ['--project', name]), ...reporters], 'inherit');
		const counts = existsSync(report) ? count(JSON.parse(readFileSync(report, 'utf8'))) : {passed: 0, failed: 0, skipped: 0};
		// An error outside of every test (or no report at all) is a failure too, though no test has it to its name.
		return status !== 0 && counts.failed === 0 ? {...counts, failed: 1} : counts;
	} finally {
		rmSync(folder, {recursive: true, force: true});
	}
}

function count({numPassedTests, numFailedTests, numPendingTests, numTodoTests, testResults}) {
	const brokenFiles = testResults.filter(file => file.status === 'failed' && !file.assertionResults.some(test => test.status === 'failed'));
	return {passed: numPassedTests, failed: numFailedTests + brokenFiles.length, skipped: numPendingTests + numTodoTests};
}

function run([command, ...args], output) {
	const result = spawnSync(command, args, {
		cwd: root,
		env: {...process.env, PATH: binPath},
		stdio: ['ignore', output, output],
		encoding: 'utf8',
		maxBuffer: Number.POSITIVE_INFINITY,
	});
	if (result.error) throw result.error;
	return result;
}

/** Prints the closing line and returns the exit code. */
function close({passed, failed, skipped}) {
	console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
	return failed > 0 ? 1 : 0;
}
