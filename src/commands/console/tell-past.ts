import {messageOf} from '../../errors.ts';
import {readPast} from '../../incident/audit-past.ts';
import {type OpenIntent, openIntentText} from '../../incident/open-intents.ts';
import type {ConsoleStore} from '../../store/store.ts';
import {addEvents, type Happening} from '../../store/timeline.ts';
import {notify} from '../../store/ui-commands.ts';

/**
 * What earlier consoles have left on this target: actions of which no ending is known (the console died in the middle of one), and ways back
 * that are still open.
 */
export async function tellPast(store: ConsoleStore, auditFile: string, target: string, nowMs: number): Promise<void> {
	const asked = store.getState().session.target;
	const isElsewhere = () => store.getState().session.target !== asked;
	try {
		const {open, waysBack} = await readPast(auditFile, target, asked.db);
		// A log takes a while to read. What was left on a server that the console has turned away from is no news of this one.
		if (isElsewhere()) return;
		addOpenIntents(store, open, nowMs);
		store.setState(({waysBack: own}) => ({waysBack: [...waysBack, ...own.filter(({auditId}) => waysBack.every(way => way.auditId !== auditId))]}));
		const last = open.at(-1);
		const more = open.length > 1 ? ` (and ${open.length - 1} more: 6)` : '';
		if (last) notify(store, `${openIntentText(last, nowMs)}${more}`, 'warn');
	} catch (error) {
		if (!isElsewhere()) notify(store, `The audit log cannot be read: ${messageOf(error)}`, 'warn');
	}
}

/** What was told at the start of a console that died in the middle of an action. */
function addOpenIntents(store: ConsoleStore, intents: readonly OpenIntent[], nowMs: number): void {
	const events = intents.map(
		(intent): Happening => ({
			atMs: nowMs,
			kind: 'action',
			severity: undefined,
			text: openIntentText(intent, nowMs),
			details: [
				'An earlier console ended before it could say what became of it, or another one is still at it. Only the server knows.',
				`written down at ${intent.at}`,
				...(intent.rounds > 0 ? [`round ${intent.rounds} was the last; before it: ${intent.account ?? 'nothing done'}`] : []),
				`audit id ${intent.id}`,
			],
			subject: intent.id,
			outcome: 'unknown',
		}),
	);
	store.setState(({timeline}) => ({timeline: addEvents(timeline, events)}));
}
