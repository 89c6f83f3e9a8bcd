import {cellWidth, cut, toVisible, visibleWidth} from './safe-text.ts';

/** Text of at most `width` cells: what is too long loses its middle. Most of what stays is the end, where a path tells most. */
export function cutMiddle(text: string, width: number, ellipsis: string): string {
	const visible = toVisible(text);
	const room = width - cellWidth(ellipsis);
	if (visibleWidth(visible) <= width) return visible;
	if (room <= 0) return cut(visible, width);
	const head = cut(visible, Math.floor(room / 4));
	const tail = endOf(visible, room - visibleWidth(head));
	return `${head}${ellipsis}${tail}`;
}

/** The longest end that fits. */
function endOf(visible: string, width: number): string {
	const characters = [...visible];
	let from = Math.max(0, characters.length - width);
	while (visibleWidth(characters.slice(from).join('')) > width) from += 1;
	return characters.slice(from).join('');
}
