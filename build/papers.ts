import type {Plugin} from 'vite';
import packageFile from '../package.json' with {type: 'json'};
import {completionText} from '../src/commands/completion/completion.ts';
import {type Shell, shellNames} from '../src/commands/completion/shells.ts';
import {manPage} from './man.ts';
import {noticesText, packagesOf} from './notices.ts';

/** Where packages of systems look for them. */
const completionFiles: Readonly<Record<Shell, string>> = {bash: 'redis-triage', zsh: '_redis-triage', fish: 'redis-triage.fish'};

const moduleIds = new Set<string>();

/**
 * The licence notices of everything that a build has put into a file, beside it. Every build of this process adds to the same ones: what comes out of
 * the last is whole. Fails the build where something may not be handed out as it is.
 */
export function notices(): Plugin {
	return {
		name: 'notices',
		renderChunk(_code, chunk) {
			for (const id of chunk.moduleIds) moduleIds.add(id);
		},
		generateBundle: {
			order: 'post',
			handler() {
				this.emitFile({type: 'asset', fileName: 'THIRD-PARTY-NOTICES.txt', source: noticesText(packagesOf([...moduleIds]))});
			},
		},
	};
}

/** Man page and completions, beside the program. They are made here and nowhere else, so none can be older than the tables it is made of. */
export function papers(): Plugin {
	return {
		name: 'papers',
		generateBundle: {
			order: 'post',
			handler() {
				const date = new Date(Number(process.env.SOURCE_DATE_EPOCH ?? Date.now() / 1000) * 1000).toISOString().slice(0, 10);
				this.emitFile({type: 'asset', fileName: 'redis-triage.1', source: manPage(packageFile.version, date)});
				for (const shell of shellNames) this.emitFile({type: 'asset', fileName: `completions/${completionFiles[shell]}`, source: completionText(shell)});
			},
		},
	};
}
