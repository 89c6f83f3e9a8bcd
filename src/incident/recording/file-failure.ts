import {messageOf} from '../../errors.ts';

const words: Readonly<Record<string, string>> = {
	ENOSPC: 'the disk is full',
	EDQUOT: 'the quota of this user is used up',
	EFBIG: 'the file may not grow any further',
	EROFS: 'the file system is read-only',
	EACCES: 'this user may not write there',
	EPERM: 'this user may not write there',
	ENOENT: 'there is no such folder',
	ENOTDIR: 'a part of the path is no folder',
	EEXIST: 'there is such a file already, and a recording is not written over it',
	EIO: 'the disk has failed',
};

const codeOf = (error: unknown): string => (error instanceof Error && 'code' in error ? String(error.code) : '');

/** In plain words, for the screen. */
export const failureText = (error: unknown): string => words[codeOf(error)] ?? messageOf(error);

const readingWords: Readonly<Record<string, string>> = {
	ENOENT: 'there is no such file',
	ENOTDIR: 'a part of the path is no folder',
	EISDIR: 'it is a folder',
	EACCES: 'this user may not read it',
};

export const readingFailure = (error: unknown): string => readingWords[codeOf(error)] ?? messageOf(error);

/** It may go on in the same file when there is room again. */
export const isForWantOfRoom = (error: unknown): boolean => codeOf(error) === 'ENOSPC' || codeOf(error) === 'EDQUOT';

export const isTaken = (error: unknown): boolean => codeOf(error) === 'EEXIST';

export const isMissing = (error: unknown): boolean => codeOf(error) === 'ENOENT';
