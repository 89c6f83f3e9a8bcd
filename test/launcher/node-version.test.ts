import {expect, it} from 'vitest';
import {tooOldText} from '../../src/launcher/node-version.ts';

it.each(['20.19.0', '20.20.2', '21.0.0', '24.1.0', '100.0.0'])('%s will do', version => {
	expect(tooOldText(version, '/usr/bin/node')).toBeUndefined();
});

it.each(['20.18.3', '18.20.4', '8.17.0'])('%s is too old: one line that says which one was found and which is needed', version => {
	expect(tooOldText(version, '/usr/bin/node')).toBe(`redis-triage: Node 20.19 or newer is needed, and /usr/bin/node is ${version}\n`);
});
