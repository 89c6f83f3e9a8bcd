import {grantLines, rulesToLook} from './grants.ts';
import {hiddenFrom} from './hidden.ts';
import type {Rule} from './rule.ts';

const accessLimited: Rule = {
	id: 'access.limited',
	judge({state: {snapshot, session}}) {
		const list = hiddenFrom(snapshot);
		const first = list.find(({isMinor}) => !isMinor);
		if (snapshot.contact.link !== 'open' || !first) return undefined;
		if (list.every(({isNotThere}) => isNotThere)) return noSuchDatabase(session.target.db, first.reason);
		const forbidden = [...(snapshot.permissions.data ?? [])].flatMap(([command, isAllowed]) => (isAllowed ? [] : [command]));
		const lines = grantLines(session.target.user ?? 'default', rulesToLook(snapshot)).map(line => `An administrator allows it with ${line}`);
		return {
			severity: 'P2',
			title: `This user may not run ${list.map(({command}) => command).join(', ')}: the console does not see all`,
			evidence: first.reason,
			meaning: [
				...list.map(({command, what}) => `Without ${command}: ${what}.`),
				...(forbidden.length === 0 ? [] : [`Actions that are refused to this user: ${forbidden.join(', ')}.`]),
				'What is not seen is not judged: no finding says nothing there. Commands can also be missing because they were renamed or switched off by the provider.',
			],
			components: ['this console'],
			remedies: [],
			...(lines.length === 0 ? {} : {steps: [...lines, 'Then this console has to connect anew: what was refused once is not asked again on a connection']}),
			over: 'the user has been given the rights, and the console has connected anew',
		};
	},
};

/** No right would help. */
const noSuchDatabase = (db: number, reason: string): ReturnType<Rule['judge']> => ({
	severity: 'P2',
	title: `There is no database ${db} here: database 0 is looked at`,
	evidence: reason,
	meaning: [
		'How many there are is set at the start of the server (databases, 16 by default; a cluster has one). Keys and figures on this screen are those of database 0.',
	],
	components: ['this console'],
	remedies: [],
	steps: ['Start this console again with another number (-n), or without one'],
	over: 'the console has been started with a database that is there',
});

export const accessRules: readonly Rule[] = [accessLimited];
