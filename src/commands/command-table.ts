import type {FlaggedCommand} from './flag-table.ts';

/** What stands behind a command's word. Completions offer what they know of it. */
type Operand = 'url' | 'action' | 'scenario' | 'recording' | 'shell';

export type CommandSpec = {
	/** How its operands are written in the help. */
	readonly usage: string;
	/** One sentence without a full stop. */
	readonly help: string;
	readonly operands: readonly Operand[];
};

/** The only place where a command is declared, in the order of the help. `console` is the one without a word. Help, man page and completions are derived. */
export const commandTable: Readonly<Record<FlaggedCommand, CommandSpec>> = {
	console: {usage: '[URL]', help: 'The live console on a server', operands: ['url']},
	check: {usage: 'check [URL]', help: 'One look, printed, for scripts and cron; 1 a P1 or P2 finding, 2 a P0', operands: ['url']},
	do: {usage: 'do ACTION [URL]', help: 'One action without the screen: preview, --dry-run, --yes; 1 failed, 3 not known', operands: ['action', 'url']},
	replay: {usage: 'replay FILE', help: 'The same console over a recording, without a server', operands: ['recording']},
	report: {usage: 'report FILE', help: 'An incident report in Markdown from a recording and its audit log; -o OUT', operands: ['recording']},
	demo: {usage: 'demo [SCENARIO]', help: 'The console on a throwaway real Redis with an incident under way', operands: ['scenario']},
	actions: {
		usage: 'actions [--json]',
		help: 'The table of actions, with the hooks of the config file: what each sends, how dangerous it is, how to undo it',
		operands: [],
	},
	completion: {usage: 'completion SHELL', help: 'Completions for your shell, as a script', operands: ['shell']},
};

/** The words that may stand where a URL may. */
export const commandWords: readonly Exclude<FlaggedCommand, 'console'>[] = Object.keys(commandTable).filter(
	(name): name is Exclude<FlaggedCommand, 'console'> => name !== 'console',
);
