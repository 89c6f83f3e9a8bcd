import type {Progress} from '../../store/dialog.ts';
import {formatCount, formatPercent, formatRate, formatSeconds} from '../../text/format.ts';
import {type Line, line} from '../kit/line.ts';
import {bar} from '../memory/bar.ts';

/** The last lines of what a program says that are shown while it runs. */
const shownOutput = 8;

/** How far a long action is, how fast, and for how long still. */
export function progressLines(progress: Progress | undefined, width: number, ascii: boolean): readonly Line[] {
	if (!progress) return [];
	const {batch, output = []} = progress;
	return [
		...(batch ? batchLines(batch, (progress.atMs - progress.startedAtMs) / 1000, width, ascii) : []),
		...output.slice(-shownOutput).map(text => line(' ', {text, tone: 'dim'})),
	];
}

function batchLines(batch: NonNullable<Progress['batch']>, seconds: number, width: number, ascii: boolean): readonly Line[] {
	const {unit, total, done, skipped, failed, rounds, slowestRoundMs, pauseMs} = batch;
	const settled = done + skipped + failed;
	const ratio = total === undefined || total === 0 ? undefined : Math.min(1, settled / total);
	const rate = seconds > 0 ? settled / seconds : undefined;
	const left = rate !== undefined && rate > 0 && total !== undefined ? Math.max(0, total - settled) / rate : undefined;
	const of = total === undefined ? '' : ` of ${formatCount(total)}`;
	return [
		...(ratio === undefined ? [] : [line(' ', bar(ratio, Math.max(10, Math.min(50, width - 12)), ascii), ` ${formatPercent(ratio)}`)]),
		line(
			{text: ' done     ', tone: 'dim'},
			{text: `${formatCount(done)}${of} ${unit}`, tone: 'strong'},
			skipped > 0 && `   ${formatCount(skipped)} skipped`,
			failed > 0 && {text: `   ${formatCount(failed)} failed`, tone: 'bad'},
		),
		line({text: ' rate     ', tone: 'dim'}, formatRate(rate), left !== undefined && `, about ${formatSeconds(left)} left`),
		line({text: ' rounds   ', tone: 'dim'}, `${formatCount(rounds)}, the slowest answered in ${slowestRoundMs} ms, now ${pauseMs} ms between two`),
	];
}
