import {expect, it} from 'vitest';
import {parseFunctionStats} from '../../../src/redis/parse/function-stats.ts';

const commandOf = (...argv: readonly unknown[]) =>
	parseFunctionStats(['running_script', ['name', 'spin', 'command', argv, 'duration_ms', 7], 'engines', []]).running?.command;
const letters = (count: number) => 'x'.repeat(count);

it('keeps the beginning of a long call, and says what it cuts', () => {
	expect(commandOf('FCALL', 'spin', '2', letters(128), letters(129))).toEqual(['FCALL', 'spin', '2', letters(128), `${letters(128)}… (1 more characters)`]);
	const many = Array.from({length: 1000}, (_, index) => `${index}`);
	expect(commandOf(...many)).toEqual([...many.slice(0, 32), '… (968 more arguments)']);
	expect(commandOf(...many.slice(0, 32))).toEqual(many.slice(0, 32));
	expect(commandOf('FCALL', ['nested'])).toEqual([]);
});

it('shows keys, and no arguments', () => {
	expect(commandOf('FCALL', 'spin', '1', 'session:7', 'hunter2')).toEqual(['FCALL', 'spin', '1', 'session:7', '***']);
	expect(commandOf('fcall_ro', 'spin', '0', 'hunter2', 'secret')).toEqual(['fcall_ro', 'spin', '0', '***', '***']);
});
