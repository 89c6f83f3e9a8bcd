import {formatTook, plural} from '../../text/format.ts';
import type {IncidentReport, ReportedAction} from './incident-report.ts';
import {block, code, momentOf, plain} from './markdown-text.ts';

/** Every action with its literal commands, what came of it, and how it is taken back. */
export function actionSection(report: IncidentReport): readonly string[] {
	const {actions, auditLog} = report;
	if (auditLog === null)
		return ['## What was done', '', 'Told by no audit log (see the gaps below): what the console that recorded did itself is in the timeline.'];
	if (actions.length === 0) return ['## What was done', '', 'The audit log has no action on this server in this time.'];
	const numbers = new Map(actions.map(({id}, index) => [id, index + 1]));
	return ['## What was done', ...actions.flatMap((action, index) => ['', ...actionLines(action, {number: index + 1, numbers, report})])];
}

type Place = {readonly number: number; readonly numbers: ReadonlyMap<string, number>; readonly report: IncidentReport};

function actionLines(action: ReportedAction, {number, numbers, report}: Place): readonly string[] {
	const {commands, output, operator, host, sentAt} = action;
	const elsewhere = report.actions.some(({target}) => target !== action.target) ? `, to ${plain(action.target)}` : '';
	return [
		`### ${number}. ${code(action.action)}: ${plain(action.outcome ?? 'outcome not known')}`,
		'',
		`${whenText(action, report)} by ${plain(operator)} on ${plain(host)}${elsewhere}; ${plain(action.danger)}.`,
		'',
		...(sentAt === null && commands.length > 0 ? ['It would have sent:', ''] : []),
		...(commands.length === 0 ? ['No command was made ready.'] : block(commands)),
		...moreText(action),
		'',
		...listOf(action, numbers).map(text => `- ${text}`),
		...(output.length === 0 ? [] : ['', 'What it said:', '', ...block(output)]),
	];
}

function whenText({sentAt, endedAt}: ReportedAction, report: IncidentReport): string {
	const moment = momentOf(report);
	if (sentAt === null) return `${moment(endedAt ?? report.recording.from)}, nothing was sent,`;
	const took = endedAt === null ? '' : `, its outcome ${formatTook(Date.parse(endedAt) - Date.parse(sentAt))} later,`;
	return `Sent at ${moment(sentAt)}${took}`;
}

function moreText({moreCommands, rounds}: ReportedAction): readonly string[] {
	if (moreCommands === 0 && rounds === 0) return [];
	const more = moreCommands === 0 ? [] : [`${plural(moreCommands, 'more command')} of it`];
	const batch = rounds === 0 ? [] : [`it went in ${plural(rounds, 'round')}, of which the first is shown; the others`];
	return ['', `${plain([...batch, ...more].join(' and '))} are in the audit log.`];
}

function listOf(action: ReportedAction, numbers: ReadonlyMap<string, number>): readonly string[] {
	const {outcome, detail, account, before, after, undo, undoneBy, undoes, id} = action;
	const numberOf = (run: string) => (numbers.has(run) ? `no. ${numbers.get(run)}` : `the run ${code(run)}`);
	return [
		`Outcome: ${outcome === null ? `not known, the log has no end of it${account === null ? '' : `; ${plain(account)} before its last round`}` : `${plain(outcome)}${detail === null ? '' : `: ${plain(detail)}`}`}`,
		...(before === null ? [] : [`Server before: ${plain(before)}${after === null ? '' : `; after: ${plain(after)}`}`]),
		...(undo === null ? [] : [`Taken back with: ${code(undo)}${undoneBy === null ? '' : `; done by ${numberOf(undoneBy)}`}`]),
		...(undoes === null ? [] : [`Takes back ${numberOf(undoes)}`]),
		`Audit id: ${code(id)}`,
	];
}
