#!/usr/bin/env node
// Runs the integration tests once for each server in $REDIS_SERVERS (`npm run servers` fetches some and prints it; without it the one on PATH),
// and prints a table. Arguments go to vitest: `npm run test:servers -- test/integration/states.test.ts`.
import {relative} from 'node:path';
import {root} from './lib/root.mjs';
import {chosenServers} from './lib/servers.mjs';
import {runVitest} from './lib/vitest.mjs';

const servers = chosen();

function chosen() {
	try {
		const found = chosenServers();
		if (found.length > 0) return found;
		throw new Error('no server found: name some in $REDIS_SERVERS, or let npm run servers fetch them');
	} catch (error) {
		process.stderr.write(`test-servers: ${error.message}\n`);
		return process.exit(1);
	}
}

const results = servers.map(({name, binary}) => {
	console.log(`\n== ${name} (${binary})`);
	const startedAt = Date.now();
	const counts = runVitest(['--project', 'integration', ...process.argv.slice(2)], {REDIS_SERVER: binary});
	return {name, ...counts, seconds: Math.round((Date.now() - startedAt) / 1000)};
});

for (const {name, failures} of results) for (const failure of failures) console.log(`✗ ${name} ${relative(root, failure)}`);
const columns = ['server', 'passed', 'failed', 'skipped', 'seconds'];
const rows = results.map(({name, passed, failed, skipped, seconds}) => [name, passed, failed, skipped, seconds]);
console.log(`\n${[columns, columns.map(() => '---'), ...rows].map(row => `| ${row.join(' | ')} |`).join('\n')}`);

const total = key => results.reduce((sum, result) => sum + result[key], 0);
console.log(`${total('passed')} passed, ${total('failed')} failed`);
process.exitCode = total('failed') > 0 ? 1 : 0;
