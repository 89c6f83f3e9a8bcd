import {bashCompletion} from './bash.ts';
import {fishCompletion} from './fish.ts';
import type {Shell} from './shells.ts';
import {zshCompletion} from './zsh.ts';

const scripts: Readonly<Record<Shell, () => string>> = {bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion};

/** The script that `completion SHELL` prints, and that packages install. */
export const completionText = (shell: Shell): string => scripts[shell]();
