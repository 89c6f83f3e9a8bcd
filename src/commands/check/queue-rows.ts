import {formatCount, formatCountShort, formatSeconds} from '../../text/format.ts';
import {cellWidth, cut, pad, toVisible} from '../../text/safe-text.ts';
import type {Queue} from './queues.ts';

type Column = {readonly title: string; readonly width: number; readonly cell: (queue: Queue) => string};

const count = (value: number | null): string => (value === null ? '-' : formatCountShort(value));

const figures: readonly Column[] = [
	{title: 'WAIT', width: 6, cell: ({waiting}) => count(waiting)},
	{title: 'ACTIVE', width: 6, cell: ({active}) => count(active)},
	{title: 'DELAY', width: 6, cell: ({delayed}) => count(delayed)},
	{title: 'FAILED', width: 6, cell: ({failed}) => count(failed)},
	{title: 'WORKERS', width: 7, cell: ({workers}) => count(workers)},
	{title: 'AGE', width: 6, cell: ({nextJobAgeMs}) => (nextJobAgeMs === null ? '-' : formatSeconds(nextJobAgeMs / 1000))},
];

const systemWidth = 9;
const shownAtMost = 20;

/** A table of the queues, those where most waits first, each row exactly as wide as it may be. */
export function queueRows(queues: readonly Queue[], width: number): readonly string[] {
	if (queues.length === 0) return ['none found'];
	const nameWidth = width - systemWidth - 1 - figures.reduce((sum, column) => sum + column.width + 1, 0);
	const row = (system: string, name: string, cells: readonly string[]) =>
		[pad(system, systemWidth), fitted(name, nameWidth), ...cells.map((cell, index) => pad(cell, figures[index]?.width ?? 0, 'right'))].join(' ');
	const sorted = queues.toSorted((a, b) => (b.waiting ?? 0) - (a.waiting ?? 0));
	const rest = sorted.length - shownAtMost;
	return [
		row(
			'SYSTEM',
			'QUEUE',
			figures.map(({title}) => title),
		),
		...sorted.slice(0, shownAtMost).flatMap(queue => {
			const name = nameOf(queue);
			const remark = remarkOf(queue);
			const isShort = cellWidth(`${name}${remark}`) < nameWidth;
			const cells = figures.map(({cell}) => cell(queue));
			return remark === '' || isShort
				? [row(queue.system, `${name} ${remark}`.trimEnd(), cells)]
				: [row(queue.system, name, cells), `${' '.repeat(systemWidth + 1)}${remark}`];
		}),
		...(rest > 0 ? [`and ${formatCount(rest)} more, see --json`] : []),
	];
}

const nameOf = ({prefix, name}: Queue): string => `${prefix === '' ? '' : `${prefix}:`}${name}`;

/** Behind the name where there is room for both, else in a row of its own. */
function remarkOf({paused, activeWithoutLock}: Queue): string {
	const notes = [...(paused ? ['paused'] : []), ...(activeWithoutLock ? [`${formatCount(activeWithoutLock)} without lock`] : [])];
	return notes.length === 0 ? '' : `(${notes.join(', ')})`;
}

function fitted(text: string, width: number): string {
	return cellWidth(text) <= width ? pad(text, width) : `${cut(toVisible(text), width - 1)}…`;
}
