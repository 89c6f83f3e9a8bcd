import type {ConfirmRequest} from '../../store/dialog.ts';
import {commandText} from '../../text/command-text.ts';
import {formatCount} from '../../text/format.ts';

/** The literal commands; of many the first, the number and the last. A script of many lines is cut here, and copied whole by `c`. */
export function planTexts({plan, places, goesOn}: Pick<ConfirmRequest, 'plan' | 'places' | 'goesOn'>): readonly string[] {
	const rest = goesOn === undefined ? [] : [goesOn];
	const commands = plan.map(shortText);
	const [first = ''] = commands;
	// The same to several Sentinels.
	if (commands.length > 1 && commands.every(text => text === first)) return [first, ...(places.length > 0 ? [`on ${places.join(', ')}`] : []), ...rest];
	const texts = commands.map((text, index) => `${text}${places[index] === undefined ? '' : `   on ${places[index]}`}`);
	if (texts.length <= 3 || places.length > 0) return [...texts, ...rest];
	return [texts[0] ?? '', `and ${formatCount(texts.length - 1)} more, the last: ${texts.at(-1)} (c copies all)`, ...rest];
}

/** Nobody reads a Lua script of 40 lines in a dialog. */
const longestArgument = 60;

export const shortText = (argv: readonly string[]): string =>
	commandText(
		argv.map(argument =>
			argument.length > longestArgument && argument.includes('\n') ? `<${firstWords(argument)}: ${argument.split('\n').length} lines>` : argument,
		),
	);

/** A script of ours says in its first line what it is. */
const firstWords = (script: string): string => (script.split('\n', 1)[0] ?? '').replace(/^--\s*/, '').slice(0, 40);
