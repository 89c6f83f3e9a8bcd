import {expect, it} from 'vitest';
import {allFaults} from './all-faults.ts';
import {isWriting, rowsInTable, writeTable} from './fault-table.ts';

/** Written last (scripts/docs-faults.mjs): whatever has no fault any more goes. */
it('docs/faults.md has a row for every fault, and no other, in order (npm run docs:faults mends it)', () => {
	const rows = rowsInTable();
	const names = allFaults.map(({name}) => name);
	expect(new Set(names).size).toBe(names.length);
	if (isWriting) writeTable(names.flatMap(name => rows.find(row => row.name === name) ?? []));
	else expect(rows.map(({name}) => name)).toEqual(names);
});
