import {keyLabel} from '../../keymap/key-label.ts';
import {type Binding, keymap} from '../../keymap/keymap.ts';
import type {ServerInfo} from '../../redis/parse/server-info.ts';
import {isSurveying, type Survey, type SurveyProgress, type SurveyState, surveyedShare, surveySecondsLeft} from '../../store/survey.ts';
import {formatBytes, formatCount, formatPercent, formatSeconds} from '../../text/format.ts';
import {wrapText} from '../../text/wrap.ts';
import {flow} from '../kit/flow.ts';
import {type Line, line, lineWidth} from '../kit/line.ts';
import {bar, formatError} from './bar.ts';

export type SurveyInput = {
	readonly survey: SurveyState;
	readonly info: ServerInfo | undefined;
	/** What the server says the data of all its databases take. */
	readonly datasetBytes: number | undefined;
	readonly db: number;
	readonly nowMs: number;
	readonly ascii: boolean;
	readonly width: number;
};

/** What the survey is at, what the list below is worth, and what is missing from it. */
export function surveyLines(input: SurveyInput): readonly Line[] {
	const {survey} = input;
	const {latest, shown} = survey;
	if (!latest) return invitation(input);
	const isOld = shown !== undefined && shown !== latest;
	const [firstWords, ...moreWords] = shown ? worth(shown, isOld, input) : [];
	// Where rows are scarce the last ones go: what is missing says more than what it cost.
	return [
		...(isSurveying(survey) ? [progressLine(latest, input)] : []),
		...endingLines(latest, input),
		...(firstWords ? [firstWords] : []),
		...(shown?.progress ? partLine(shown.progress, shown.ending !== undefined, input.ascii) : []),
		...missing(latest, shown, input),
		...moreWords,
	];
}

/** The key of a command; without one, its name in the palette. */
function keyOf(command: string): string {
	const bindings: readonly Binding[] = keymap;
	const key = bindings.find(binding => binding.command === command)?.keys[0];
	return key === undefined ? `:${command}` : keyLabel(key);
}

function invitation({db, width, info, ascii}: SurveyInput): readonly Line[] {
	const keys = info?.keyspace?.find(database => database.db === db)?.keys;
	const text =
		`Not surveyed. Press ${keyOf('survey.start')}: it walks through db${db}${keys === undefined ? '' : ` (${formatCount(keys, {ascii})} keys)`} in small steps and ` +
		'measures a sample: which prefixes take the memory, which keys are large, which have no TTL. It costs below 1% of a core.';
	return wrapText(text, Math.max(10, width - 2)).map(row => line({text: ` ${row}`, tone: 'dim'}));
}

function progressLine(survey: Survey, input: SurveyInput): Line {
	const {ascii, width} = input;
	const {progress, db} = survey;
	const share = surveyedShare(survey);
	if (!progress) return line({text: ` surveying db${db}: connecting`, tone: 'info'}, {text: `   ${keyOf('survey.stop')} stops`, tone: 'dim'});
	const left = surveySecondsLeft(survey);
	const slow = progress.pauseMs >= 1000;
	const keys = `${formatCount(progress.scannedKeys, {ascii})}${progress.totalKeys === undefined ? '' : ` of ${formatCount(progress.totalKeys, {ascii})}`} keys`;
	const words = line(
		share !== undefined && {text: ` ${formatPercent(share, {ascii})}`, tone: 'strong'},
		`  ${keys}`,
		left !== undefined && `, ${formatSeconds(Math.ceil(left), {ascii})} left`,
		slow && {text: `, slow answers: pauses of ${formatSeconds(progress.pauseMs / 1000, {ascii})}`, tone: 'warn'},
		{text: `   ${keyOf('survey.stop')} stops`, tone: 'dim'},
	);
	const {node} = progress;
	const title = line({text: node ? ` surveying ${node.address}, ${node.position} of ${node.count} masters ` : ` surveying db${db} `, tone: 'info'});
	const room = width - lineWidth(title) - lineWidth(words, {ascii});
	return line(title, share !== undefined && room >= 4 && {text: bar(share, Math.min(30, room), ascii), tone: 'info'}, words);
}

/** How it ended, where the figures below do not say so. */
function endingLines({ending, progress, result, db}: Survey, {ascii, nowMs}: SurveyInput): readonly Line[] {
	if (!ending) return [];
	const share = progress?.totalKeys ? ` at ${formatPercent(Math.min(1, progress.scannedKeys / progress.totalKeys), {ascii})}` : '';
	const ago = `${formatSeconds(secondsSince(ending.atMs, nowMs), {ascii})} ago`;
	const detail = ending.detail === '' ? '' : `: ${ending.detail}`;
	switch (ending.kind) {
		case 'finished':
			return result ? [] : [line({text: ` surveyed db${db} ${ago}: it has no keys`, tone: 'dim'})];
		case 'stopped':
			return [line({text: ` survey of db${db} stopped${share}, ${ago}`, tone: 'warn'})];
		case 'refused':
			return [line({text: ` survey of db${db} refused, ${ago}${detail}`, tone: 'warn'})];
		case 'broken':
			return [line({text: ` survey of db${db} broken off${share}, ${ago}${detail}`, tone: 'bad'})];
	}
}

/** What the figures stand for, how sure they are, and how old. */
function worth(survey: Survey, isOld: boolean, input: SurveyInput): readonly Line[] {
	const {nowMs, ascii, width} = input;
	const {result, progress, ending, db} = survey;
	if (!result || !progress) return [];
	const words = [
		isOld && 'below: the survey before',
		progress.node ? `${progress.node.position} of ${progress.node.count} masters` : `db${db} only`,
		`${formatCount(progress.scannedKeys, {ascii})} keys seen`,
		progress.everyNth === 1 ? 'all of them measured' : `1 in ${progress.everyNth} measured`,
		result.total.bytes !== undefined && `size ${formatError(result.total.bytesError, ascii)}`,
		!isOld && comparison(survey, input),
		ending !== undefined && `${formatSeconds(secondsSince(ending.atMs, nowMs), {ascii})} old`,
		progress.everyNth > 1 && 'rare names all measured',
		`cost ${formatSeconds(progress.serverMs / 1000, {ascii})} of server time`,
	];
	const dim = (text: string) => ({text, tone: 'dim'}) as const;
	return flow(words.filter(word => word !== false).map(dim), dim(', '), width);
}

/** MEMORY USAGE does not see everything: what is missing is in no prefix. */
function comparison({result, progress, ending, db}: Survey, {info, datasetBytes, ascii}: SurveyInput): string | false {
	const isWhole = progress?.isExtended === true || ending?.kind === 'finished';
	if (!isWhole || result?.total.bytes === undefined || datasetBytes === undefined) return false;
	const hasOthers = info?.keyspace?.some(other => other.db !== db) ?? false;
	return `adds up to ${formatBytes(result.total.bytes, {ascii})} of ${formatBytes(datasetBytes, {ascii})} data${hasOthers ? ' in all databases' : ''}`;
}

const secondsSince = (atMs: number, nowMs: number): number => Math.max(0, Math.floor((nowMs - atMs) / 1000));

function partLine({scannedKeys, totalKeys, isExtended}: SurveyProgress, hasEnded: boolean, ascii: boolean): readonly Line[] {
	if (totalKeys === undefined || totalKeys === 0 || scannedKeys >= totalKeys * 0.98) return [];
	if (!hasEnded && isExtended) return [];
	const part = formatPercent(scannedKeys / totalKeys, {ascii});
	return [
		line({
			text: isExtended ? ` the ${part} seen stand for the whole: figures are extended to all keys` : ` figures are of the ${part} seen, not of the whole`,
			tone: 'warn',
		}),
	];
}

function missing(latest: Survey, shown: Survey | undefined, {info, ascii}: SurveyInput): readonly Line[] {
	const refused = latest.progress?.refused ?? [];
	const hidden = latest.progress?.hiddenKeys ?? 0;
	const others = (shown && info?.keyspace?.filter(({db}) => db !== shown.db)) || [];
	const otherKeys = others.reduce((sum, {keys}) => sum + keys, 0);
	return [
		...refused.map(({command, reason}) => line({text: ` ${command} is refused to this user: ${reason}`, tone: 'warn' as const})),
		...(hidden > 0
			? [line({text: ` ${formatCount(hidden, {ascii})} sampled keys are closed to this user: they count as keys, not as bytes`, tone: 'warn' as const})]
			: []),
		...(otherKeys > 0
			? [line({text: ` not surveyed: ${others.map(({db}) => `db${db}`).join(', ')} (${formatCount(otherKeys, {ascii})} keys)`, tone: 'dim' as const})]
			: []),
	];
}
