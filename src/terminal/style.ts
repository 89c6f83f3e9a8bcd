/** How a cell is drawn: the SGR parameters that make it so from nothing, in one order (`1;7;31;48;5;16`). Two looks are alike only if they are equal as text. */
export type Style = string;

export const plain: Style = '';

type Look = {attributes: number; foreground: string; background: string};

/** Bold, dim, italic, underline, blink, inverse, hidden, struck: each ends with its own number and 20, but bold and dim with one. */
const attributeCodes = [1, 2, 3, 4, 5, 7, 8, 9];
const bold = 1;
const dim = 2;
/** Texts repeat in a session, colours too; foreign ones must not make these grow for ever. */
const mostRemembered = 500;

/** The style after such an SGR sequence, which is given without its `ESC [` and `m`. What it says beyond colours and attributes of old is left out. */
export const styled = remembered(applied);

/** What to write so that a terminal goes over from one style to the other. */
export const sgrBetween = remembered(shortestSgr);

function applied(style: Style, parameters: string): Style {
	const look: Look = {attributes: 0, foreground: '', background: ''};
	for (const text of [style, parameters]) if (text !== '' || text === parameters) applyAll(look, text.split(';'));
	return [...codesOf(look.attributes), look.foreground, look.background].filter(code => code !== '').join(';');
}

function lookOf(style: Style): Look {
	const look: Look = {attributes: 0, foreground: '', background: ''};
	if (style !== plain) applyAll(look, style.split(';'));
	return look;
}

function applyAll(look: Look, codes: readonly string[]): void {
	for (let at = 0; at < codes.length; at++) {
		const code = Number(codes[at]);
		if (code === 38 || code === 48) {
			const length = codes[at + 1] === '2' ? 5 : 3;
			look[code === 38 ? 'foreground' : 'background'] = codes.slice(at, at + length).join(';');
			at += length - 1;
		} else applyOne(look, code);
	}
}

function applyOne(look: Look, code: number): void {
	if (code === 0) Object.assign(look, {attributes: 0, foreground: '', background: ''});
	else if (attributeCodes.includes(code)) look.attributes |= 1 << code;
	else if (code === 22) look.attributes &= ~((1 << bold) | (1 << dim));
	else if (attributeCodes.includes(code - 20)) look.attributes &= ~(1 << (code - 20));
	else if (isColour(code, 30)) look.foreground = code === 39 ? '' : String(code);
	else if (isColour(code, 40)) look.background = code === 49 ? '' : String(code);
}

/** One of eight, their bright sisters, and the default. */
const isColour = (code: number, base: number): boolean => (code >= base && code <= base + 9) || (code >= base + 60 && code <= base + 67);

const codesOf = (attributes: number): readonly string[] => attributeCodes.filter(code => attributes & (1 << code)).map(String);

/** An attribute ends only with all the others, by 0: a VT100 knows no other end, and the shortest is rarely longer. */
function shortestSgr(from: Style, to: Style): string {
	if (from === to) return '';
	if (to === plain) return '\u001B[m';
	const before = lookOf(from);
	const after = lookOf(to);
	const anew = `\u001B[0;${to}m`;
	if (before.attributes & ~after.attributes) return anew;
	const codes = [...codesOf(after.attributes & ~before.attributes)];
	if (before.foreground !== after.foreground) codes.push(after.foreground || '39');
	if (before.background !== after.background) codes.push(after.background || '49');
	const step = `\u001B[${codes.join(';')}m`;
	return step.length <= anew.length ? step : anew;
}

/** A function of two texts that remembers its answers. */
function remembered(compute: (first: string, second: string) => string): (first: string, second: string) => string {
	const answers = new Map<string, Map<string, string>>();
	let count = 0;
	return (first, second) => {
		const known = answers.get(first)?.get(second);
		if (known !== undefined) return known;
		if (++count > mostRemembered) {
			answers.clear();
			count = 1;
		}
		const answer = compute(first, second);
		const row = answers.get(first) ?? new Map<string, string>();
		answers.set(first, row.set(second, answer));
		return answer;
	};
}
