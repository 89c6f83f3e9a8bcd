import type {Clock} from '../../clock.ts';
import type {Progress} from '../../store/dialog.ts';
import {formatCount, formatRate, formatSeconds} from '../../text/format.ts';
import {cut, toVisible} from '../../text/safe-text.ts';

/** Where it is told how far one has got: a terminal has one line of it, a log a line now and then. */
export type Margin = {readonly isTerminal: boolean; readonly columns: number; readonly write: (text: string) => void};

/** In a log. */
const lineEveryMs = 5000;

/** Tells of an action under way on stderr. */
export class Teller {
	readonly #margin: Margin;
	readonly #clock: Clock;
	#toldAtMs: number;
	#isLineOpen = false;

	constructor(margin: Margin, clock: Clock) {
		this.#margin = margin;
		this.#clock = clock;
		this.#toldAtMs = clock.now();
	}

	tell(text: string): void {
		const {isTerminal, columns, write} = this.#margin;
		if (isTerminal) {
			this.#isLineOpen = true;
			write(`\r\u001b[K${cut(text, columns - 1)}`);
		} else if (this.#clock.now() - this.#toldAtMs >= lineEveryMs) {
			this.#toldAtMs = this.#clock.now();
			write(`${toVisible(text)}\n`);
		}
	}

	/** Whatever comes next begins on a line of its own. */
	clear(): void {
		if (this.#isLineOpen) this.#margin.write('\r\u001b[K');
		this.#isLineOpen = false;
	}
}

/** How far a long action is, on one line. */
export function progressText({batch, output = [], startedAtMs, atMs}: Progress): string {
	const seconds = (atMs - startedAtMs) / 1000;
	if (!batch) return output.at(-1) ?? `under way for ${formatSeconds(seconds)}`;
	const {unit, total, done, skipped, failed} = batch;
	const settled = done + skipped + failed;
	const rate = seconds > 0 ? settled / seconds : undefined;
	const left = rate !== undefined && rate > 0 && total !== undefined ? Math.max(0, total - settled) / rate : undefined;
	return [
		`${formatCount(done)}${total === undefined ? '' : ` of ${formatCount(total)}`} ${unit} done`,
		skipped > 0 ? `${formatCount(skipped)} skipped` : undefined,
		failed > 0 ? `${formatCount(failed)} failed` : undefined,
		rate === undefined ? undefined : formatRate(rate),
		left === undefined ? undefined : `about ${formatSeconds(left)} left`,
	]
		.filter(part => part !== undefined)
		.join(', ');
}
