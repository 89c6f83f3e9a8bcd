import {wrapText} from '../../text/wrap.ts';

const columns = 80;
export const indent = '  ';

/** A label once, the texts wrapped beside it. */
export const block = (label: string, texts: readonly string[], width: number): readonly string[] =>
	texts
		.flatMap(text => wrapText(text, columns - indent.length - width))
		.map((text, index) => `${indent}${(index === 0 ? label : '').padEnd(width)}${text}`.trimEnd());

/** The same for what is to be copied: no line is broken. */
export const literalBlock = (label: string, texts: readonly string[], width: number): readonly string[] =>
	texts.map((text, index) => `${indent}${(index === 0 ? label : '').padEnd(width)}${text}`.trimEnd());
