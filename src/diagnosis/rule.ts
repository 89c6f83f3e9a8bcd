import type {Finding} from '../store/finding.ts';
import type {ConsoleState} from '../store/store.ts';
import type {QueueLinesOf} from './queue-lines.ts';
import type {Thresholds} from './thresholds.ts';

type RuleInput = {
	readonly state: ConsoleState;
	readonly thresholds: Thresholds;
	readonly queueLinesOf: QueueLinesOf;
	/** It was found a moment ago: it now ends only when it is clearly over, so that nothing flaps at a threshold. */
	readonly isStanding: boolean;
};

/** One thing that can be wrong, judged from what is known alone. Undefined: it is not so, or cannot be told. */
export type Rule = {
	readonly id: string;
	/**
	 * `answers`: it judges the figures of now. While the server gives none (BUSY, SILENT) what stood stays as it was and nothing new is found;
	 * without a connection, and until the first INFO of a new one, nothing is.
	 */
	readonly needs?: 'answers';
	readonly judge: (input: RuleInput) => Omit<Finding, 'id'> | undefined;
};
