import type {Slowed} from '../store/slowed.ts';
import {formatCount, formatPercent, formatSeconds} from '../text/format.ts';
import type {Rule} from './rule.ts';
import {hysteresisRatio} from './thresholds.ts';

const slowedWords = (slowed: Slowed): string =>
	slowed.size === 0 ? '' : `; pauses longer by now: ${[...slowed].map(([name, factor]) => `${name} ${factor} times`).join(', ')}`;

const observerCost: Rule = {
	id: 'observer.cost',
	needs: 'answers',
	judge({state: {snapshot, session}, thresholds, isStanding}) {
		const {ownCostPercent, vitals, slowed} = snapshot;
		const share = (ownCostPercent ?? 0) / 100;
		if (ownCostPercent === undefined || share < thresholds.observerCostRatio * (isStanding ? hysteresisRatio : 1)) return undefined;
		return {
			severity: 'P2',
			title: `This console costs the server ${formatPercent(share)} of a core`,
			evidence: `${formatCount(vitals.connectedClients)} clients${session.isLight ? '' : `, every ${formatSeconds(session.intervalMs / 1000)}`}; promised is less than ${formatPercent(thresholds.observerCostRatio)}${slowedWords(slowed)}`,
			meaning: [
				'Reckoned from what the server says a call of each command takes it on average; on a server under load that includes the load.',
				'By itself the console then asks for one thing after the other less often, last of all for what the worst finding is judged from.',
				'The key + makes the console ask less often; several consoles on one server add up.',
			],
			components: ['every client of this server'],
			remedies: [],
			over: `it costs less than ${formatPercent(thresholds.observerCostRatio)} of a core`,
		};
	},
};

export const costRules: readonly Rule[] = [observerCost];
