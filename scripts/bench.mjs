#!/usr/bin/env node
// The console beside other full-screen programs, in one run on one machine, each on a pseudo terminal of its own; and the promises of its speed, kept or
// missed. Ratios within one run mean something; the milliseconds belong to this machine.
//   npm run bench                          everything, about fifteen minutes; writes docs/benchmarks.md and the README's table
//   npm run bench -- --quick               two minutes, printed only
//   npm run bench -- --only held,huge      some parts of: start demo nodes scene crowd held huge hours; printed only
//   npm run bench -- --strict              exit code 1 where a promise is missed (a busy machine misses some)
import {execFileSync} from 'node:child_process';
import {parseArgs} from 'node:util';
import {measureAll, parts} from './bench/parts.mjs';
import {asMarkdown} from './bench/report.mjs';
import {judged} from './bench/targets.mjs';
import {writeDocs} from './bench/write-docs.mjs';
import {inScratch} from './lib/scratch.mjs';

const full = {
	rounds: 9,
	settleSeconds: 8,
	windowSeconds: 20,
	keyCount: 60,
	crowds: [10, 1000, 10_000],
	heldSeconds: 10,
	crowdPresses: 80,
	starts: 3,
	hours: 8,
};
const quick = {rounds: 3, settleSeconds: 1.5, windowSeconds: 4, keyCount: 40, crowds: [1000, 10_000], heldSeconds: 4, crowdPresses: 36, starts: 1, hours: 0};
const large = {columns: 200, rows: 60};
const usual = {columns: 120, rows: 40};

const {values: flags} = parseArgs({options: {quick: {type: 'boolean'}, strict: {type: 'boolean'}, only: {type: 'string'}}});
const only = flags.only?.split(',') ?? parts;
const unknown = only.filter(part => !parts.includes(part));
if (unknown.length > 0) throw new Error(`no part '${unknown}': use ${parts.join(', ')}`);
try {
	execFileSync('python3', ['-c', 'import pty']);
} catch (error) {
	throw new Error('the bench needs python3 for its pseudo terminals', {cause: error});
}

const plan = flags.quick ? {...quick, sizes: [usual]} : {...full, sizes: [usual, large]};
const measured = await inScratch(scratch => measureAll(scratch, {...plan, only}));
const asked = only.filter(part => part !== 'hours' || plan.hours > 0);
const verdicts = judged(measured, asked);
const isWhole = !flags.quick && !flags.only;
const text = asMarkdown({measured, plan, verdicts, command: ['npm run bench', ...process.argv.slice(2)].join(' ')});
console.log(text);
if (isWhole) writeDocs(text);
if (flags.strict && verdicts.some(({isKept}) => !isKept)) process.exitCode = 1;
