import {briefCommand} from '../../text/command-text.ts';
import {type Around, type AuditRun, beganAtMs} from './audit-runs.ts';
import {iso, type ReportedAction} from './incident-report.ts';

/** More commands of one run nobody reads; they are in the audit log. */
const shownCommands = 30;
const longestCommand = 1000;
/** The end of what a program has said is where its failure stands. */
const shownOutput = 40;

/** Every run with its literal commands. */
export function reportedActions(runs: readonly AuditRun[]): readonly ReportedAction[] {
	return runs.map(run => {
		const commands = [...run.plan, ...run.firstRound].map(briefCommand);
		return {
			id: run.id,
			action: run.action,
			danger: run.danger,
			operator: run.operator,
			host: run.host,
			target: run.target,
			sentAt: run.sentAtMs === undefined ? null : iso(run.sentAtMs),
			endedAt: run.endedAtMs === undefined ? null : iso(run.endedAtMs),
			outcome: run.outcome ?? null,
			detail: run.detail ?? null,
			commands: commands.slice(0, shownCommands).map(shortened),
			moreCommands: Math.max(0, commands.length - shownCommands),
			rounds: run.rounds,
			account: run.account ?? null,
			before: aroundText(run.before),
			after: aroundText(run.after),
			undo: run.undo ?? null,
			undoneBy: undoneBy(run, runs),
			undoes: run.undoes ?? null,
			output: run.output.slice(-shownOutput),
		};
	});
}

const shortened = (command: string): string =>
	command.length <= longestCommand ? command : `${command.slice(0, longestCommand)}… (${command.length - longestCommand} characters more)`;

function aroundText(around: Around | undefined): string | null {
	if (!around) return null;
	const {state, connectedClients, values} = around;
	const clients = connectedClients === undefined ? [] : [`${connectedClients} clients`];
	return [state, ...clients, ...Object.entries(values).map(([name, value]) => `${name} ${value === '' ? 'empty' : value}`)].join(', ');
}

const undoneBy = ({id}: AuditRun, runs: readonly AuditRun[]): string | null =>
	runs.toSorted((a, b) => beganAtMs(a) - beganAtMs(b)).find(({undoes, outcome}) => undoes === id && outcome === 'done')?.id ?? null;
