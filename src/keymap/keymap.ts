import type {KeyName} from './keys.ts';

/** Where a key is pressed. `text` fields take every printable character that no binding of theirs claims. */
export type Context =
	| 'global'
	| 'views'
	| 'scripts'
	| 'clients'
	/** One client in full, and none marked: a key is meant for this one. */
	| 'client'
	| 'memory'
	| 'memory-surveying'
	| 'queues'
	| 'queue'
	| 'job'
	| 'ha'
	/** Another server than the one that was asked for is looked at. */
	| 'away'
	| 'timeline'
	/** The present is shown. */
	| 'present'
	/** The recording of the running session is looked back into. */
	| 'past'
	/** A recording is shown that was made before. */
	| 'replay'
	| 'overlay'
	/** A server in full. */
	| 'server'
	/** A finding of another server. */
	| 'finding-elsewhere'
	| 'finding'
	| 'recovery'
	| 'text'
	| 'palette'
	| 'form'
	| 'preparing'
	| 'dialog'
	| 'dialog-word'
	| 'dialog-running'
	| 'dialog-batch'
	| 'dialog-ended'
	| 'dialog-undo'
	/** The window is too small to show what a key would do. */
	| 'cramped'
	| 'always';

export type Binding = {
	readonly context: Context;
	readonly keys: readonly KeyName[];
	/** What happens. `action.*` goes down the one road to a write; the rest only moves the view. */
	readonly command: string;
	/** What the footer, the help and the README call it. */
	readonly label: string;
	/** Place in the footer, lowest first; undefined: only in the help. */
	readonly footer?: number;
};

/** What is done to a queue, under the cursor or open; `places` in the footer, in this order. */
const queueKeys = <Name extends 'queues' | 'queue'>(context: Name, places: readonly [number, number, number, number, number, number]) =>
	[
		{context, keys: ['T'], command: 'action.queue.retry-failed', label: 'try failed again', footer: places[0]},
		{context, keys: ['P'], command: 'action.queue.pause', label: 'pause', footer: places[1]},
		{context, keys: ['U'], command: 'action.queue.resume', label: 'resume', footer: places[2]},
		{context, keys: ['X'], command: 'action.queue.recover-stalled', label: 'recover stalled', footer: places[3]},
		{context, keys: ['O'], command: 'action.queue.promote-overdue', label: 'promote overdue', footer: places[4]},
		{context, keys: ['C'], command: 'action.queue.clean', label: 'clean', footer: places[5]},
	] as const;

/** A dialog that does not fit, a screenful at a time and to its ends. */
const dialogPages = <Name extends 'dialog' | 'dialog-word' | 'dialog-ended'>(context: Name) =>
	[
		{context, keys: ['pagedown'], command: 'dialog.page-down', label: 'a page down'},
		{context, keys: ['pageup'], command: 'dialog.page-up', label: 'a page up'},
		{context, keys: ['end'], command: 'dialog.end', label: 'to its end'},
		{context, keys: ['home'], command: 'dialog.begin', label: 'to its beginning'},
	] as const;

/** Ways through the time of a recording; `places` in the footer. */
const timeKeys = <Name extends 'past' | 'replay'>(context: Name, [play, back, forward]: readonly [number, number, number]) =>
	[
		{context, keys: ['space'], command: 'time.play', label: 'play / pause', footer: play},
		{context, keys: ['['], command: 'time.back', label: '10 s back', footer: back},
		{context, keys: [']'], command: 'time.forward', label: '10 s on', footer: forward},
		{context, keys: [','], command: 'time.step-back', label: '1 s back'},
		{context, keys: ['.'], command: 'time.step-on', label: '1 s on'},
		{context, keys: ['{'], command: 'time.far-back', label: '1 min back'},
		{context, keys: ['}'], command: 'time.far-forward', label: '1 min on'},
	] as const;

/** The only place where a key is given a meaning. Dispatch, footer, help and README are all made from it. */
export const keymap = [
	{context: 'scripts', keys: ['K'], command: 'action.script.kill', label: 'stop script', footer: 1},
	{context: 'scripts', keys: ['L'], command: 'action.script.raise-limit', label: 'raise limit', footer: 12},
	{context: 'scripts', keys: ['M'], command: 'action.monitor.sample', label: 'watch commands (MONITOR)', footer: 13},
	{context: 'scripts', keys: ['t'], command: 'scripts.statistics', label: 'slowlog / statistics', footer: 11},
	{context: 'clients', keys: ['K'], command: 'action.client.kill', label: 'kill', footer: 1},
	{context: 'clients', keys: ['U'], command: 'action.client.unblock', label: 'unblock', footer: 12},
	{context: 'clients', keys: ['I'], command: 'action.client.kill-idle', label: 'kill idle', footer: 11},
	{context: 'clients', keys: ['W'], command: 'action.client.pause-writes', label: 'hold writes', footer: 14},
	{context: 'clients', keys: ['L'], command: 'action.config.maxclients', label: 'limit of clients'},
	{context: 'clients', keys: ['m'], command: 'mark', label: 'mark', footer: 2},
	{context: 'clients', keys: ['M'], command: 'marks.clear', label: 'clear marks', footer: 13},

	{context: 'client', keys: ['K'], command: 'action.client.kill', label: 'kill', footer: 6},
	{context: 'client', keys: ['U'], command: 'action.client.unblock', label: 'unblock', footer: 7},

	{context: 'memory', keys: ['v'], command: 'survey.start', label: 'survey the keys', footer: 1},
	{context: 'memory', keys: ['L'], command: 'action.config.maxmemory', label: 'memory limit', footer: 2},
	{context: 'memory', keys: ['D'], command: 'action.keys.unlink', label: 'delete keys by pattern', footer: 3},
	{context: 'memory', keys: ['P'], command: 'action.memory.purge', label: 'purge', footer: 11},
	{context: 'memory-surveying', keys: ['escape'], command: 'survey.stop', label: 'stop the survey', footer: 1},

	{context: 'ha', keys: ['o'], command: 'server.go', label: 'go to this server', footer: 0},
	{context: 'ha', keys: ['B'], command: 'action.persistence.bgsave', label: 'snapshot (BGSAVE)', footer: 1},
	{context: 'ha', keys: ['A'], command: 'action.persistence.aof-rewrite', label: 'rewrite the AOF', footer: 2},

	{context: 'timeline', keys: ['n'], command: 'note', label: 'note', footer: 1},

	...queueKeys('queues', [1, 2, 21, 22, 23, 24]),
	{context: 'queues', keys: ['o'], command: 'server.go', label: 'go to its node', footer: 0},
	{context: 'queues', keys: ['r'], command: 'queues.rescan', label: 'look for queues again', footer: 11},

	...queueKeys('queue', [6, 7, 8, 9, 10, 11]),
	{context: 'queue', keys: ['enter'], command: 'queue.open', label: 'open job', footer: 1},
	{context: 'queue', keys: ['escape'], command: 'queue.back', label: 'back', footer: 0},
	{context: 'queue', keys: ['right', 'l'], command: 'queue.next-state', label: 'next state', footer: 2},
	{context: 'queue', keys: ['left', 'h'], command: 'queue.previous-state', label: 'previous state'},
	{context: 'queue', keys: ['a'], command: 'queue.reasons', label: 'reasons / jobs', footer: 3},
	{context: 'queue', keys: ['pagedown'], command: 'queue.page-down', label: 'next jobs', footer: 4},
	{context: 'queue', keys: ['pageup'], command: 'queue.page-up', label: 'jobs before'},
	{context: 'queue', keys: ['i'], command: 'queue.facts', label: 'all figures', footer: 5},
	{context: 'queue', keys: ['down', 'j'], command: 'queue.down', label: 'down'},
	{context: 'queue', keys: ['up', 'k'], command: 'queue.up', label: 'up'},
	{context: 'queue', keys: ['g', 'home'], command: 'queue.first', label: 'first row'},
	{context: 'queue', keys: ['G', 'end'], command: 'queue.last', label: 'last row'},
	{context: 'queue', keys: ['ctrl+d'], command: 'queue.half-down', label: 'half a page down'},
	{context: 'queue', keys: ['ctrl+u'], command: 'queue.half-up', label: 'half a page up'},

	{context: 'job', keys: ['escape', 'enter'], command: 'queue.back', label: 'back', footer: 1},
	{context: 'job', keys: ['right', 'l'], command: 'job.next', label: 'next job', footer: 2},
	{context: 'job', keys: ['left', 'h'], command: 'job.previous', label: 'previous job', footer: 3},
	{context: 'job', keys: ['down', 'j'], command: 'job.down', label: 'down'},
	{context: 'job', keys: ['up', 'k'], command: 'job.up', label: 'up'},
	{context: 'job', keys: ['pagedown', 'ctrl+d'], command: 'job.page-down', label: 'page down', footer: 4},
	{context: 'job', keys: ['pageup', 'ctrl+u'], command: 'job.page-up', label: 'page up'},
	{context: 'job', keys: ['g', 'home'], command: 'job.first', label: 'first line'},
	{context: 'job', keys: ['G', 'end'], command: 'job.last', label: 'last line'},

	{context: 'present', keys: ['['], command: 'time.back', label: 'look back 10 s'},
	{context: 'present', keys: ['{'], command: 'time.far-back', label: 'look back 1 min'},
	{context: 'past', keys: ['escape'], command: 'time.now', label: 'back to now', footer: -4},
	...timeKeys('past', [-1, -3, -2]),
	...timeKeys('replay', [-5, -2, -1]),
	{context: 'replay', keys: ['f'], command: 'time.next-finding', label: 'next finding', footer: -4},
	{context: 'replay', keys: ['+'], command: 'time.faster', label: 'faster', footer: -3},
	{context: 'replay', keys: ['-'], command: 'time.slower', label: 'slower'},

	{context: 'away', keys: ['escape'], command: 'back', label: 'back home', footer: 2},

	{context: 'global', keys: ['K'], command: 'action.script.kill', label: 'stop script', footer: 1},
	{context: 'global', keys: ['f'], command: 'finding.next', label: 'next finding', footer: 4},
	{context: 'global', keys: ['F'], command: 'finding.open', label: 'remedies', footer: 3},
	{context: 'global', keys: ['/'], command: 'filter', label: 'filter', footer: 5},
	{context: 'global', keys: ['s'], command: 'sort.next', label: 'sort', footer: 6},
	{context: 'global', keys: ['S'], command: 'sort.reverse', label: 'reverse sort'},
	{context: 'global', keys: ['a'], command: 'group', label: 'group', footer: 7},
	{context: 'global', keys: ['enter'], command: 'open', label: 'open', footer: 8},
	{context: 'global', keys: ['escape'], command: 'back', label: 'back'},
	{context: 'views', keys: ['0'], command: 'view.overview', label: 'overview'},
	{context: 'views', keys: ['1'], command: 'view.scripts', label: 'scripts'},
	{context: 'views', keys: ['2'], command: 'view.clients', label: 'clients'},
	{context: 'views', keys: ['3'], command: 'view.memory', label: 'memory'},
	{context: 'views', keys: ['4'], command: 'view.queues', label: 'queues'},
	{context: 'views', keys: ['5'], command: 'view.ha', label: 'persistence and replication'},
	{context: 'views', keys: ['6'], command: 'view.timeline', label: 'timeline'},
	{context: 'views', keys: ['V'], command: 'recovery', label: 'verify recovery', footer: 14},
	{context: 'views', keys: ['w'], command: 'snapshot', label: 'write a snapshot', footer: 17},
	{context: 'views', keys: ['R'], command: 'report', label: 'write the report', footer: 16},
	{context: 'global', keys: ['tab'], command: 'pane.next', label: 'next pane', footer: 10},
	{context: 'global', keys: ['shift+tab'], command: 'pane.previous', label: 'previous pane'},
	{context: 'global', keys: ['down', 'j'], command: 'list.next', label: 'down'},
	{context: 'global', keys: ['up', 'k'], command: 'list.previous', label: 'up'},
	{context: 'global', keys: ['g', 'home'], command: 'list.first', label: 'first row'},
	{context: 'global', keys: ['G', 'end'], command: 'list.last', label: 'last row'},
	{context: 'global', keys: ['ctrl+d'], command: 'list.half-down', label: 'half a page down'},
	{context: 'global', keys: ['ctrl+u'], command: 'list.half-up', label: 'half a page up'},
	{context: 'global', keys: ['pagedown'], command: 'list.page-down', label: 'page down'},
	{context: 'global', keys: ['pageup'], command: 'list.page-up', label: 'page up'},
	{context: 'global', keys: ['space'], command: 'freeze', label: 'freeze / unfreeze the display', footer: 15},
	{context: 'global', keys: ['+'], command: 'interval.longer', label: 'poll less often'},
	{context: 'global', keys: ['-'], command: 'interval.shorter', label: 'poll more often'},
	{context: 'global', keys: ['y'], command: 'copy', label: 'copy the literal command', footer: 16},
	{context: 'global', keys: ['n'], command: 'note', label: 'note for the timeline', footer: 13},
	{context: 'global', keys: [':'], command: 'palette', label: 'commands', footer: 17},
	{context: 'global', keys: ['?'], command: 'help', label: 'help', footer: 18},
	{context: 'global', keys: ['q'], command: 'quit', label: 'quit', footer: 19},

	{context: 'overlay', keys: ['escape', 'q', '?'], command: 'back', label: 'back', footer: 1},
	{context: 'overlay', keys: ['down', 'j'], command: 'scroll.down', label: 'down', footer: 2},
	{context: 'overlay', keys: ['up', 'k'], command: 'scroll.up', label: 'up', footer: 3},
	{context: 'overlay', keys: ['pagedown', 'ctrl+d', 'space'], command: 'scroll.page-down', label: 'page down'},
	{context: 'overlay', keys: ['pageup', 'ctrl+u'], command: 'scroll.page-up', label: 'page up'},
	{context: 'overlay', keys: ['y'], command: 'copy', label: 'copy', footer: 4},

	{context: 'server', keys: ['enter', 'o'], command: 'server.go', label: 'go to this server', footer: 0},

	{context: 'finding-elsewhere', keys: ['enter', 'o'], command: 'server.go', label: 'go to that server', footer: 0},
	{context: 'finding', keys: ['enter'], command: 'remedy.run', label: 'choose remedy', footer: 1},
	{context: 'finding', keys: ['down', 'j'], command: 'scroll.down', label: 'down', footer: 3},
	{context: 'finding', keys: ['up', 'k'], command: 'scroll.up', label: 'up', footer: 6},
	{context: 'finding', keys: ['pagedown', 'ctrl+d', 'space'], command: 'scroll.page-down', label: 'page down'},
	{context: 'finding', keys: ['pageup', 'ctrl+u'], command: 'scroll.page-up', label: 'page up'},
	{context: 'finding', keys: ['f'], command: 'finding.next', label: 'next finding', footer: 4},
	{context: 'finding', keys: ['y'], command: 'copy', label: 'copy the command', footer: 5},
	{context: 'finding', keys: ['escape', 'q', 'F'], command: 'back', label: 'back', footer: 2},

	{context: 'recovery', keys: ['enter'], command: 'recovery.note', label: 'note it in the timeline', footer: 1},
	{context: 'recovery', keys: ['escape', 'q', 'V'], command: 'back', label: 'back', footer: 2},
	{context: 'recovery', keys: [':'], command: 'palette', label: 'commands', footer: 3},
	{context: 'recovery', keys: ['down', 'j'], command: 'scroll.down', label: 'down', footer: 4},
	{context: 'recovery', keys: ['up', 'k'], command: 'scroll.up', label: 'up', footer: 5},
	{context: 'recovery', keys: ['pagedown', 'ctrl+d', 'space'], command: 'scroll.page-down', label: 'page down'},
	{context: 'recovery', keys: ['pageup', 'ctrl+u'], command: 'scroll.page-up', label: 'page up'},

	{context: 'text', keys: ['enter'], command: 'text.accept', label: 'accept', footer: 1},
	{context: 'text', keys: ['escape'], command: 'text.cancel', label: 'cancel', footer: 2},
	{context: 'text', keys: ['backspace'], command: 'text.backspace', label: 'delete a character'},
	{context: 'text', keys: ['ctrl+u'], command: 'text.clear', label: 'delete all'},

	{context: 'palette', keys: ['enter'], command: 'palette.run', label: 'run', footer: 1},
	{context: 'palette', keys: ['down', 'tab'], command: 'scroll.down', label: 'next', footer: 2},
	{context: 'palette', keys: ['up', 'shift+tab'], command: 'scroll.up', label: 'previous', footer: 3},
	{context: 'palette', keys: ['escape'], command: 'back', label: 'leave', footer: 4},

	{context: 'form', keys: ['enter'], command: 'form.accept', label: 'go on to the dialog', footer: 1},
	{context: 'form', keys: ['down', 'tab'], command: 'scroll.down', label: 'next field', footer: 4},
	{context: 'form', keys: ['up', 'shift+tab'], command: 'scroll.up', label: 'field before'},
	{context: 'form', keys: ['right'], command: 'form.next-choice', label: 'choose', footer: 3},
	{context: 'form', keys: ['left'], command: 'form.previous-choice', label: 'choose the one before'},
	{context: 'form', keys: ['escape'], command: 'back', label: 'leave', footer: 2},

	{context: 'preparing', keys: ['escape', 'ctrl+c', 'q'], command: 'dialog.stop', label: 'leave', footer: 1},

	{context: 'dialog', keys: ['y'], command: 'dialog.accept', label: 'run it', footer: 1},
	{context: 'dialog', keys: ['escape', 'n', 'q', 'ctrl+c'], command: 'dialog.decline', label: 'leave', footer: 2},
	{context: 'dialog', keys: ['c'], command: 'copy', label: 'copy the command', footer: 3},

	{context: 'dialog', keys: ['down', 'j'], command: 'dialog.down', label: 'show what is below'},
	{context: 'dialog', keys: ['up', 'k'], command: 'dialog.up', label: 'show what is above'},
	...dialogPages('dialog'),
	{context: 'dialog-word', keys: ['down'], command: 'dialog.down', label: 'show what is below'},
	{context: 'dialog-word', keys: ['up'], command: 'dialog.up', label: 'show what is above'},
	...dialogPages('dialog-word'),
	{context: 'dialog-ended', keys: ['down', 'j'], command: 'dialog.down', label: 'show what is below'},
	{context: 'dialog-ended', keys: ['up', 'k'], command: 'dialog.up', label: 'show what is above'},
	...dialogPages('dialog-ended'),

	{context: 'dialog-word', keys: ['enter'], command: 'dialog.accept-word', label: 'run it', footer: 1},
	{context: 'dialog-word', keys: ['escape', 'ctrl+c'], command: 'dialog.decline', label: 'leave', footer: 2},
	{context: 'dialog-word', keys: ['backspace'], command: 'text.backspace', label: 'delete a character'},
	{context: 'dialog-word', keys: ['ctrl+u'], command: 'text.clear', label: 'delete all'},

	{context: 'dialog-running', keys: ['escape', 'ctrl+c'], command: 'dialog.hide', label: 'hide: it goes on', footer: 1},

	{context: 'dialog-batch', keys: ['escape', 'ctrl+c'], command: 'dialog.stop', label: 'stop', footer: 1},
	{context: 'dialog-batch', keys: ['h'], command: 'dialog.hide', label: 'hide: it goes on', footer: 2},

	{context: 'dialog-ended', keys: ['escape', 'enter', 'q'], command: 'dialog.close', label: 'back', footer: 1},
	{context: 'dialog-undo', keys: ['u'], command: 'dialog.undo', label: 'undo', footer: 2},
	{context: 'dialog-ended', keys: ['c'], command: 'copy', label: 'copy the command', footer: 3},

	{context: 'cramped', keys: ['q'], command: 'quit', label: 'quit'},
	{context: 'always', keys: ['ctrl+c'], command: 'quit', label: 'quit'},
	{context: 'always', keys: ['ctrl+z'], command: 'suspend', label: 'suspend, as in a shell'},
] as const satisfies readonly Binding[];

/** Innermost context first; the first that knows the key wins. Undefined: the key means nothing here. */
export function resolve(key: KeyName, stack: readonly Context[], table: readonly Binding[] = keymap): string | undefined {
	return bindingFor(key, stack, table)?.command;
}

function bindingFor(key: KeyName, stack: readonly Context[], table: readonly Binding[]): Binding | undefined {
	for (const context of stack) {
		const hit = table.find(binding => binding.context === context && binding.keys.includes(key));
		if (hit) return hit;
	}
	return undefined;
}

/** The bindings that work in these contexts, an inner one hiding an outer one of the same key. */
export function bindingsIn(stack: readonly Context[], table: readonly Binding[] = keymap): readonly Binding[] {
	const known = table === keymap ? knownBindings.get(stack.join()) : undefined;
	if (known) return known;
	const found = table.filter(binding => stack.includes(binding.context) && binding.keys.some(key => bindingFor(key, stack, table) === binding));
	if (table === keymap) knownBindings.set(stack.join(), found);
	return found;
}

/** There are some dozens of stacks, and the footer asks for one with every key. */
const knownBindings = new Map<string, readonly Binding[]>();
