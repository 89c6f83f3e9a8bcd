import {describe, expect, it} from 'vitest';
import {communicationOf} from '../../../src/incident/report/communication.ts';
import {reportMarkdown} from '../../../src/incident/report/markdown.ts';
import {received} from '../../../src/store/resource.ts';
import {auditLine} from '../../helpers/audit-log.ts';
import {client} from '../../helpers/fixtures.ts';
import {outageLog, outageRecording} from '../../helpers/outage-recording.ts';
import {at, everyTenth, finding, played} from '../../helpers/played-recording.ts';
import {queueStatus} from '../../helpers/queue-status.ts';
import {reportFrom} from '../../helpers/report.ts';

/** One in every place that is not for a status page. */
const canaries = {
	name: 'canary-prod-cache',
	address: '10.66.66.1:6379',
	host: 'canary-bastion',
	operator: 'canaryalice from 10.66.66.2',
	key: 'canary:key',
	queue: 'canaryqueue',
	title: 'canarytitle',
	evidence: 'canaryevidence',
	command: 'CANARYCOMMAND',
	detail: 'canarydetail',
	note: 'canarynote',
	environment: 'canaryproduction',
	user: 'canaryuser',
	audit: '/canary/audit.jsonl',
	step: 'canarystep',
	caller: 'canarycaller',
};

const wordsOfTheInside = /redis|valkey|sentinel|bullmq|\bqueue|\bscript|SCRIPT|\bkey\b|\bP[012]\b|memory|client|failover|replica|server|\d+\.\d+\.\d+\.\d+/i;

function canaryReport(
	to: number,
	components = [{name: 'Checkout', keys: [canaries.key, 'bull:canaryqueue*'], impact: 'orders are not confirmed', isClearable: true}],
) {
	const target = {name: canaries.name, address: canaries.address, environment: canaries.environment, db: 0, user: canaries.user};
	const stands = (second: number) => second >= 20 && second < to;
	const words = {title: canaries.title, evidence: canaries.evidence, steps: [canaries.step], components: [canaries.queue, canaries.address]};
	return reportFrom(
		played({
			seconds: 400,
			at: everyTenth(second => ({
				session: {target, operator: canaries.operator, auditFile: canaries.audit, components},
				server: {kind: stands(second) ? 'BUSY' : 'OK', sinceMs: at(second), detail: canaries.detail, running: 'script'},
				clients: [client({name: canaries.caller, address: canaries.address, lastCommand: 'eval', user: canaries.user})],
				findings: stands(second) ? [finding('script.busy', 'P0', words), finding('queue.stuck', 'P1', words), finding('ha.none', 'P2', words)] : [],
				snapshot: {queues: received([queueStatus({id: `bull:${canaries.queue}`})], at(second))},
			})),
			events: {30: [{kind: 'note', severity: undefined, text: canaries.note, details: [`noted by ${canaries.operator}`]}]},
		}),
		['intent', 'outcome'].map(phase =>
			auditLine('a', phase === 'intent' ? 'intent' : 'outcome', {
				at: new Date(at(30)).toISOString(),
				target: `${canaries.name} ${canaries.address}`,
				operator: canaries.operator,
				host: canaries.host,
				plan: [[canaries.command, canaries.key]],
				detail: canaries.detail,
				outcome: 'done',
			}),
		),
	);
}

describe('the text for a status page', () => {
	it.each([
		['over', 60],
		['monitoring', 300],
		['ongoing', 500],
	])('has nothing of the inside in it while the incident is %s', (status, to) => {
		const report = canaryReport(to);
		expect(report.status).toBe(status);
		const text = report.communication.join('\n');
		expect(text).toContain('Checkout: affected');
		for (const canary of Object.values(canaries)) expect(text.toLowerCase()).not.toContain(canary.toLowerCase());
		expect(text).not.toMatch(wordsOfTheInside);
		// They are in the rest of the report, so the test would see them.
		for (const canary of [canaries.address, canaries.operator, canaries.command, canaries.note, canaries.title])
			expect(reportMarkdown(report)).toContain(canary);
	});

	it('names no part where the config file has none', () => {
		expect(canaryReport(60, []).communication).toEqual([
			'From 2025-01-01 12:00 UTC on a system behind our service had trouble, and for some of the time it did not work at all.',
			'Parts of our service may have been affected.',
			'It was over at 12:01 UTC, after 40s.',
			'It has not come back in the 5m40s after that in which we watched.',
		]);
	});

	it('says when it began, who was affected with what, when it was over, and what is still watched', () => {
		expect(reportFrom(outageRecording(), outageLog).communication).toEqual([
			'From 2025-01-01 12:05 UTC on a system behind our service had trouble, and for some of the time it did not work at all.',
			'Orders: affected from 12:05 UTC to 12:09 UTC (orders are taken and not confirmed).',
			'Sessions: affected from 12:06 UTC to 12:07 UTC (users are logged out).',
			'Rate limits: affected from 12:06 UTC to 12:07 UTC.',
			'It was over at 12:09 UTC, after 4m00s.',
			'It has not come back in the 6m00s after that in which we watched.',
		]);
		expect(canaryReport(300).communication.at(-1)).toBe('The trouble has not returned as of 12:06 UTC. We keep watching whether it stays so.');
		expect(canaryReport(500).communication.at(-1)).toBe('As of 12:06 UTC this goes on. We keep watching it.');
	});

	it('does not claim that anybody noticed what was only degraded, nor a beginning that was not seen', () => {
		const course = {
			status: 'over',
			severity: 'P1',
			fromMs: at(0),
			isBeginKnown: false,
			isNearFirstLook: false,
			toMs: at(86_400),
			stretches: [
				{fromMs: at(0), toMs: at(60)},
				{fromMs: at(80_000), toMs: at(86_400)},
			],
		} as const;
		const component = {
			name: 'Search',
			impact: null,
			severity: 'P1',
			from: new Date(at(0)).toISOString(),
			to: new Date(at(86_400)).toISOString(),
			seconds: 1,
			findings: [],
		} as const;
		expect(communicationOf({course, impact: {components: [component], configured: 1, affected: []}, endMs: at(90_000)})).toEqual([
			'At the latest from 2025-01-01 12:00 UTC on a system behind our service worked with restrictions.',
			'Search: perhaps affected from 12:00 UTC to 2025-01-02 12:00 UTC.',
			'It was over at 2025-01-02 12:00 UTC, after 1d. It came in several stretches, the earlier ones from 12:00 UTC to 12:01 UTC.',
			'It has not come back in the 1h00m after that in which we watched.',
		]);
	});
});
