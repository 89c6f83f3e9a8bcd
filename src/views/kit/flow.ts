import {type Line, type LinePart, line, lineWidth} from './line.ts';

/** Pieces in rows, each as full as it gets; a piece that is too long for a row is cut there. */
export function flow(pieces: readonly LinePart[], gap: LinePart, width: number): readonly Line[] {
	const lines: Line[] = [];
	for (const piece of pieces) {
		const last = lines.at(-1);
		const joined = line(last, gap, piece);
		if (last && lineWidth(joined) <= width) lines[lines.length - 1] = joined;
		else lines.push(line(' ', piece));
	}
	return lines;
}
