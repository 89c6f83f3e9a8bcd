import {expect, it} from 'vitest';
import {queueLines} from '../../src/commands/queue-lines.ts';
import type {QueueRule} from '../../src/config/config.ts';

const rule = (match: string, depthCount: number): QueueRule => ({
	match,
	isIgnored: false,
	depthCount,
	stuckSeconds: undefined,
	overdueSeconds: undefined,
	failingRatio: undefined,
});

const linesOf = queueLines([rule('bull:reports*', 1), rule('*:scratch', 2), rule('default', 3), rule('bull:*', 4)]);

it.each([
	['bull', 'reports', 1],
	['bull', 'reports-eu', 1],
	['bull', 'scratch', 2],
	['{shop}', 'scratch', 2],
	['', 'default', 3],
	['bull', 'orders', 4],
	['app', 'orders', undefined],
])('%s and %s: the first rule that matches', (prefix, name, expected) => expect(linesOf({prefix, name})?.depthCount).toBe(expected));
