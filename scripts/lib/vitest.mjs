import {existsSync, mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {run} from './run.mjs';

/** Runs vitest with these arguments, in sight. Returns how many tests passed, failed and were skipped, and the names of the failed. */
export function runVitest(args, env = {}) {
	const folder = mkdtempSync(join(tmpdir(), 'redis-triage-test-'));
	const report = join(folder, 'report.json');
	try {
		const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
		const {status} = run(['vitest', 'run', ...args, ...reporters], 'inherit', env);
		const counts = existsSync(report) ? count(JSON.parse(readFileSync(report, 'utf8'))) : {passed: 0, failed: 0, skipped: 0, failures: []};
		// An error outside of every test (or no report at all) is a failure too, though no test has it to its name.
		return status !== 0 && counts.failed === 0 ? {...counts, failed: 1, failures: ['an error outside of every test']} : counts;
	} finally {
		rmSync(folder, {recursive: true, force: true});
	}
}

function count({numPassedTests, numFailedTests, numPendingTests, numTodoTests, testResults}) {
	const isFailed = ({status}) => status === 'failed';
	const brokenFiles = testResults.filter(file => isFailed(file) && !file.assertionResults.some(isFailed));
	const failedTests = testResults.flatMap(file => file.assertionResults.filter(isFailed).map(test => `${file.name}: ${test.fullName}`));
	return {
		passed: numPassedTests,
		failed: numFailedTests + brokenFiles.length,
		skipped: numPendingTests + numTodoTests,
		failures: [...failedTests, ...brokenFiles.map(file => file.name)],
	};
}
