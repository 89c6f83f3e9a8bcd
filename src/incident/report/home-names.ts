import type {Finding} from '../../store/finding.ts';
import {subjectParts, type Timeline, type TimelineEvent, worseSign} from '../../store/timeline.ts';
import type {Recorded} from '../recording/recorded.ts';
import type {ReportSource} from './source.ts';

/**
 * The same recording with every finding under one name, wherever the console looked when it told of it. On the screen a finding of the server that is
 * looked at is `server.oom`, and one of another is `server.oom@ADDRESS`; here those of the server that the record begins with have the short names.
 */
export function withHomeNames(source: ReportSource): ReportSource {
	const home = homeOf(source);
	const renamed = new WeakMap<Timeline, Timeline>();
	const timelineOf = (timeline: Timeline) => {
		const known = renamed.get(timeline) ?? timeline.map(event => withSubject(event, home));
		renamed.set(timeline, known);
		return known;
	};
	return {
		...source,
		marks: source.marks.map(mark => withSubject(mark, home)),
		at(ms) {
			const recorded = source.at(ms);
			return {...recorded, findings: findingsOf(recorded, home), timeline: timelineOf(recorded.timeline)};
		},
	};
}

/** The address of the server that the record begins with. */
export function homeOf({at, fromMs}: Pick<ReportSource, 'at' | 'fromMs'>): string {
	const {session} = at(fromMs);
	return session.home?.address ?? session.target.address;
}

/** The address of the server that a finding is about, by its name here; undefined: it is about a whole group. */
export const addressOfId = (id: string, home: string): string | undefined => (ofGroup.test(id) ? undefined : (/@(.+)$/s.exec(id)?.[1] ?? home));

function findingsOf({findings, session: {target}}: Recorded, home: string): Recorded['findings'] {
	const isHere = (finding: Finding) => finding.node === undefined && target.address !== home && !ofGroup.test(finding.id);
	return findings.map(finding => ({...finding, id: isHere(finding) ? `${finding.id}@${target.address}` : withoutHome(finding.id, home)}));
}

function withSubject<T extends Pick<TimelineEvent, 'kind' | 'subject'>>(event: T, home: string): T {
	if (event.subject === undefined || (event.kind !== 'found' && event.kind !== 'over')) return event;
	const [name, worse] = subjectParts(event.subject);
	const id = withoutHome(name, home);
	return {...event, subject: worse === undefined ? id : `${id}${worseSign}${worse}`};
}

/** What is of the whole group has no address, whoever tells of it. */
const ofGroup = /^(?:cluster|sentinel)\./;

function withoutHome(id: string, home: string): string {
	const suffix = ['@group', `@${home}`].find(each => id.endsWith(each));
	return suffix === undefined ? id : id.slice(0, -suffix.length);
}
