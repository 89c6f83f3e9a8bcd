import {readFileSync} from 'node:fs';

/** Replies captured from redis-server 7.0.15 (Debian), byte for byte. */
export const fixture = (name: string): string => readFileSync(new URL(`fixtures/${name}`, import.meta.url), 'utf8');

/** Replies as ioredis 6 hands them over; `…Mapped` and `…Resp3` ones with `replyMapping: 'resp3'`, the others with its default. */
export const replies: Readonly<Record<string, unknown>> = JSON.parse(fixture('replies-7.0.json'));

export const errorReplies: Readonly<Record<string, string>> = JSON.parse(fixture('errors-7.0.json'));
