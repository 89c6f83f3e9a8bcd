import {formatSeconds} from '../../text/format.ts';
import type {Course} from './course.ts';
import type {ComponentImpact, Impact} from './incident-report.ts';
import {listed} from './states.ts';

type Facts = {readonly course: Course | undefined; readonly impact: Impact; readonly endMs: number};

/** Text for a status page, a paragraph each. Of the inside it has nothing: only times, and components by the names and the words that the config file gives them. */
export function communicationOf({course, impact, endMs}: Facts): readonly string[] {
	if (!course) return [`Until ${dayAndTime(endMs)} we saw no interruption.`];
	const {components} = impact;
	const isStopped = course.severity === 'P0';
	return [
		begun(course, isStopped),
		...(components.length === 0 ? ['Parts of our service may have been affected.'] : components.map(component => componentText(component, course))),
		...ended(course, endMs),
	];
}

function begun({fromMs, isBeginKnown, isNearFirstLook}: Course, isStopped: boolean): string {
	const how = isStopped ? 'had trouble, and for some of the time it did not work at all' : 'worked with restrictions';
	return `${isBeginKnown && !isNearFirstLook ? 'From' : 'At the latest from'} ${dayAndTime(fromMs)} on a system behind our service ${how}.`;
}

/** What is only degraded need not have been noticed by anybody. */
function componentText({name, impact, severity, from, to}: ComponentImpact, course: Course): string {
	const begin = time(Date.parse(from), course.fromMs);
	const when = to === null ? `since ${begin}` : `from ${begin} to ${time(Date.parse(to), course.fromMs)}`;
	const text = impact === null ? '' : ` (${impact.trim().replace(/[.\s]+$/, '')})`;
	return `${name}: ${severity === 'P0' ? 'affected' : 'perhaps affected'} ${when}${text}.`;
}

function ended({status, fromMs, toMs, stretches}: Course, endMs: number): readonly string[] {
	if (toMs === undefined) return [`As of ${time(endMs, fromMs)} this goes on. We keep watching it.`];
	const times = stretches
		.slice(0, -1)
		.flatMap(stretch => (stretch.toMs === undefined ? [] : [`${time(stretch.fromMs, fromMs)} to ${time(stretch.toMs, fromMs)}`]));
	const breaks = times.length === 0 ? '' : ` It came in several stretches, the earlier ones from ${listed(times)}.`;
	const over = `It was over at ${time(toMs, fromMs)}, after ${lasted(toMs - fromMs)}.${breaks}`;
	return status === 'monitoring'
		? [over, `The trouble has not returned as of ${time(endMs, fromMs)}. We keep watching whether it stays so.`]
		: [over, `It has not come back in the ${lasted(endMs - toMs)} after that in which we watched.`];
}

const lasted = (ms: number): string => formatSeconds(Math.floor(Math.max(0, ms) / 1000));

/** `2026-11-20 14:03 UTC`. To the minute, as a status page has it. */
const dayAndTime = (ms: number): string => `${new Date(ms).toISOString().slice(0, 16).replace('T', ' ')} UTC`;

/** The day only where it is another one. */
function time(ms: number, referenceMs: number): string {
	const [whole, reference] = [dayAndTime(ms), dayAndTime(referenceMs)];
	return whole.slice(0, 10) === reference.slice(0, 10) ? whole.slice(11) : whole;
}
