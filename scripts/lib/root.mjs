import {delimiter, join} from 'node:path';
import {fileURLToPath} from 'node:url';

/** The repository's folder. */
export const root = fileURLToPath(new URL('../..', import.meta.url));

/** `PATH` with the tools of node_modules in front, so that a script works with `node` as well as with `npm run`. */
export const binPath = [join(root, 'node_modules/.bin'), process.env.PATH ?? ''].join(delimiter);
