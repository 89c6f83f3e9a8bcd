/** The same text in memory of its own: V8 makes a slice of a text of what it is a slice of, and that one stays in memory as long as the slice does. */
export const ownText = (text: string): string => Buffer.from(text).toString();
