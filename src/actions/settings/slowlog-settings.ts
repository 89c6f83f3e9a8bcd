import {formatMicros} from '../../text/format.ts';
import {type Setting, settingAction} from './setting-action.ts';
import {whole} from './setting-values.ts';

const usualMicros = 10_000;
const finerMicros = 1000;

function inWords(value: string): string {
	if (value === '-1') return '-1 (nothing is logged)';
	return value === '0' ? '0 (everything is logged)' : `${value} (${formatMicros(Number(value))})`;
}

function effect({to}: {readonly to: string}): readonly string[] {
	if (to === '-1') return ['nothing is logged any more: what is slow from now on leaves no trace'];
	if (to === '0') return ['every command is logged: the log turns over in no time, and what is slow is pushed out by what is not'];
	return [`commands that take ${formatMicros(Number(to))} or more are logged from now on`, 'the log keeps only the newest (slowlog-max-len, 128 by default)'];
}

const slowerThan: Setting = {
	name: 'slowlog-log-slower-than',
	title: 'Change what counts as slow',
	pane: 'scripts',
	hint: 'microseconds, as in 1000; 0: everything, -1: nothing',
	does: 'commands that take so many microseconds or more are kept in the slowlog',
	docCost: 'below 1 µs for each command that is logged',
	// The finer look first; back to the default from there.
	initial: now => String(Number(now) > finerMicros ? finerMicros : usualMicros),
	parse: whole('slowlog-log-slower-than', {from: -1}),
	shown: inWords,
	effect,
	affects: () => 'nobody: only what the slowlog keeps',
	cost: ({to}) => (to === '0' ? 'some µs for every command' : 'none'),
};

export const slowlogSettings = [slowerThan].map(settingAction);
