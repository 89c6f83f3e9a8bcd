import {mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {expect, it, onTestFinished} from 'vitest';
import {writeNewFiles} from '../../src/incident/new-files.ts';

function emptyFolder(): string {
	const folder = mkdtempSync(join(tmpdir(), 'redis-triage-files-'));
	onTestFinished(() => rmSync(folder, {recursive: true}));
	return folder;
}

const contents = {'.json': '{}\n', '.txt': 'screen\n'};
const modeOf = (path: string) => statSync(path).mode & 0o777;

it('makes its folder, for its owner only, and so are the files', async () => {
	const folder = join(emptyFolder(), 'state/snapshots');
	expect(await writeNewFiles(folder, 'a', contents)).toBe('a');
	expect(readdirSync(folder)).toEqual(['a.json', 'a.txt']);
	expect(readFileSync(join(folder, 'a.txt'), 'utf8')).toBe('screen\n');
	expect([folder, join(folder, 'a.json'), join(folder, 'a.txt')].map(modeOf)).toEqual([0o700, 0o600, 0o600]);
});

it('never touches what is there, also when both names are not taken by one', async () => {
	const folder = emptyFolder();
	writeFileSync(join(folder, 'a.txt'), 'old');
	writeFileSync(join(folder, 'a-2.json'), 'old');
	const names = await Promise.all([1, 2, 3].map(() => writeNewFiles(folder, 'a', contents)));
	expect(names.toSorted()).toEqual(['a-3', 'a-4', 'a-5']);
	expect(readdirSync(folder).toSorted()).toEqual(['a-2.json', ...names.flatMap(name => [`${name}.json`, `${name}.txt`]), 'a.txt'].toSorted());
	expect(readFileSync(join(folder, 'a.txt'), 'utf8')).toBe('old');
	expect(readFileSync(join(folder, 'a-2.json'), 'utf8')).toBe('old');
});

it('leaves nothing of what cannot be written whole', async () => {
	const folder = emptyFolder();
	await expect(writeNewFiles(folder, 'a', {'.json': '{}', '/nowhere.txt': ''})).rejects.toThrow(/^ENO/);
	expect(readdirSync(folder)).toEqual([]);
	writeFileSync(join(folder, 'file'), '');
	await expect(writeNewFiles(join(folder, 'file/snapshots'), 'a', contents)).rejects.toThrow(/^ENOTDIR/);
});
