/** The candidate that differs from `word` by the fewest slips of the finger, if by few enough to be a typo; else undefined. */
export function closest(word: string, candidates: readonly string[]): string | undefined {
	const allowed = Math.min(3, Math.floor(word.replace(/^-+/, '').length / 3));
	let best: {readonly candidate: string; readonly distance: number} | undefined;
	for (const candidate of candidates) {
		const distance = typingDistance(word.toLowerCase(), candidate.toLowerCase());
		if (distance <= allowed && distance < (best?.distance ?? Number.POSITIVE_INFINITY)) best = {candidate, distance};
	}
	return best?.candidate;
}

/** Optimal string alignment: letters inserted, left out, replaced, or swapped with their neighbour. */
function typingDistance(from: string, to: string): number {
	const rows: number[][] = Array.from({length: from.length + 1}, (_, row) => [row]);
	const at = (row: number, column: number) => rows[row]?.[column] ?? row + column;
	for (const [row, cells] of rows.entries()) {
		for (let column = 1; column <= to.length; column++) {
			cells[column] = row === 0 ? column : Math.min(at(row - 1, column) + 1, at(row, column - 1) + 1, viaDiagonal({from, to, row, column, at}));
		}
	}
	return at(from.length, to.length);
}

type Cell = {readonly from: string; readonly to: string; readonly row: number; readonly column: number; readonly at: (row: number, column: number) => number};

function viaDiagonal({from, to, row, column, at}: Cell): number {
	const replaced = at(row - 1, column - 1) + (from[row - 1] === to[column - 1] ? 0 : 1);
	const isSwap = row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
	return isSwap ? Math.min(replaced, at(row - 2, column - 2) + 1) : replaced;
}
