import {about, type Path, type Problem, printable} from './problem.ts';
import {readRedisUrl} from './redis-url.ts';
import {type Leaf, pathId} from './yaml-tree.ts';

/**
 * Refuse a password in a file that others can read, wherever in the file it stands and whatever else is wrong with it.
 * One from the environment is not in the file.
 */
export function exposedPassword(leaves: readonly Leaf[], {file, mode}: {readonly file: string; readonly mode: number}): readonly Problem[] {
	const leaf = (mode & 0o077) === 0 ? undefined : leaves.find(leaf => holdsPassword(leaf, leaves));
	if (!leaf) return [];
	const octal = `0${(mode & 0o777).toString(8).padStart(3, '0')}`;
	return [{offset: leaf.offset, text: about(leaf.path, `is a password in a file that others can read (mode ${octal}): chmod 600 ${printable(file)}`)}];
}

function holdsPassword({path, value, isFromEnvironment}: Leaf, leaves: readonly Leaf[]): boolean {
	if (isFromEnvironment || value === null || value === '') return false;
	if (isPasswordKey(path)) return true;
	if (typeof value !== 'string' || !/^(redis|rediss|valkey|valkeys|unix):\/\//i.test(value)) return false;
	const {parts} = readRedisUrl(value);
	// A URL that cannot be read holds one when it has the sign that ends one.
	if (!parts) return value.includes('@');
	// In redis://NAME@host the name is the password, unless one is given beside it.
	const isUser = parts.hasBareUserinfo && leaves.some(other => isPasswordKey(other.path) && pathId(other.path.slice(0, -1)) === pathId(path.slice(0, -1)));
	return parts.password !== undefined && !isUser;
}

const isPasswordKey = (path: Path): boolean => path[0] === 'targets' && path.at(-1) === 'password';
