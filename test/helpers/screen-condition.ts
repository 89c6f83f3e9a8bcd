/** What a test waits for on a screen: a text, a pattern, or any question about the screen's text. */
export type ScreenCondition = string | RegExp | ((screen: string) => boolean);

export function meets(condition: ScreenCondition, screen: string): boolean {
	if (typeof condition === 'string') return screen.includes(condition);
	return condition instanceof RegExp ? condition.test(screen) : condition(screen);
}

/** The error of a wait that ended without its condition. It shows the last screen, which is what one wants to see then. */
export function neverCame(condition: ScreenCondition, timeoutMs: number, screen: string): Error {
	const wanted = typeof condition === 'string' ? JSON.stringify(condition) : String(condition);
	const framed = screen.split('\n').map(row => `│${row}`);
	return new Error(`waited ${timeoutMs} ms for ${wanted}; the last screen was\n${framed.join('\n')}`);
}
