/** The scene of the measured facts: a table of eight columns, in which two figures of every row change once a second. */
export const columns = [
	['ID', 7],
	['ADDRESS', 23],
	['NAME', 14],
	['STATE', 9],
	['MEMORY', 9],
	['DB', 4],
	['COMMANDS', 13],
	['COMMAND', 22],
];

const states = ['idle', 'blocked', 'active', 'pubsub'];
const commands = ['get session:4711', 'hgetall user:23', 'brpoplpush jobs busy', 'evalsha', 'subscribe events'];

/** The cells of a row at this second. */
export function cellsOf(row, second) {
	const rate = 237 + ((row * 61) % 900);
	const figures = [String(1000 + row * 7), `10.0.${row % 9}.${(row * 13) % 250}:${40_000 + row * 17}`, `worker-${row + 1}`, states[row % states.length]];
	return [...figures, `${100 + row * 31 + second * 11}K`, String(row % 3), String(10_000 + row * 1000 + rate * second), commands[row % commands.length]];
}

export const fitted = (cell, width) => cell.slice(0, width - 1).padEnd(width);

/** A row as one text. */
export const lineOf = (row, second) =>
	cellsOf(row, second)
		.map((cell, index) => fitted(cell, columns[index][1]))
		.join('');

/** On the screen when its last row is. */
export const readyScene = rows => new RegExp(`worker-${rows}\\b`);
