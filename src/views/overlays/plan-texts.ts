import type {ConfirmRequest} from '../../store/dialog.ts';
import {briefCommand} from '../../text/command-text.ts';
import {formatCount} from '../../text/format.ts';

/** The literal commands; of many the first, the number and the last. A script of many lines is cut here, and copied whole by `c`. */
export function planTexts({plan, places, goesOn}: Pick<ConfirmRequest, 'plan' | 'places' | 'goesOn'>): readonly string[] {
	const rest = goesOn === undefined ? [] : [goesOn];
	const commands = plan.map(briefCommand);
	const [first = ''] = commands;
	// The same to several Sentinels.
	if (commands.length > 1 && commands.every(text => text === first)) return [first, ...(places.length > 0 ? [`on ${places.join(', ')}`] : []), ...rest];
	const texts = commands.map((text, index) => `${text}${places[index] === undefined ? '' : `   on ${places[index]}`}`);
	if (texts.length <= 3 || places.length > 0) return [...texts, ...rest];
	return [texts[0] ?? '', `and ${formatCount(texts.length - 1)} more, the last: ${texts.at(-1)} (c copies all)`, ...rest];
}
