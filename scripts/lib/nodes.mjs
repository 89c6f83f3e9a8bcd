import {spawnSync} from 'node:child_process';
import {createHash} from 'node:crypto';
import {existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync} from 'node:fs';
import {join} from 'node:path';
import {root} from './root.mjs';

/** What package.json asks for. */
export const oldestMajor = 20;

/** The newest of each line when this was written, as the npm registry has them: package `node-PLATFORM`, and what `npm view PACKAGE dist.integrity` says. */
export const nodes = [
	{version: '16.20.2', 'linux-x64': 'sha512-oxOhUQeRI8VP2S933KzppWoQTXE/bhs3rskxrAXQA0xfIoy+WqVx47oe6upUsCqORfvAHcbdf9k+1iFyZnceqQ=='},
	{version: '18.20.8', 'linux-x64': 'sha512-JWUTwZ9vMOjZXMtiBc74OZn12DXb4skKfY4Nlyc17Ss8BTaxjwkXAw6xZb0Ck5afUYU/neBbrHjo9O3baF34ww=='},
	{
		version: '20.20.2',
		'linux-x64': 'sha512-PeHQM8wAdmHtZA1mBocygZxs5LiUWtsJezQTkBd0iY987KpGrD1O2tVEydvMZiuXceRanxt7rjTnDEBwOPujoQ==',
		'linux-arm64': 'sha512-LCXJnNTFiyGuYBw2gZSI5OBFMbkjAPt8sqD/NKrWoE2QmDgSubTqFng6GaNJ9EJ8HpxBMGcWWpbbcs4Vo+CnGg==',
	},
	{
		version: '22.23.5',
		'linux-x64': 'sha512-3jhC+wcoWxKZxcRqF2sUSl0c9HEXFnur/nuIPx6O6CWKV0jOUWQm7Htw5SuXqqlMCEhi0cJqybFPEb5hhcBiMw==',
		'linux-arm64': 'sha512-e1LOUGKVruPGuLVutn8+Cgm5pI1APm4Kvh+zbb/qe/ZpD9s+TQby5iUgZOWmPpbSKpj0Td8DP1N0NEnXasHizg==',
	},
	{
		version: '24.22.3',
		'linux-x64': 'sha512-KHsob+Fv9YerATvYujMbiyJqnRCvLtrcr/eTNqRqiOSGp97EOiRP1yP47+knGgQ/xnc3XY8xzkW587dlZzNqRA==',
		'linux-arm64': 'sha512-IZx0J52/1NDwAsY2iyWR9nlPIYuYviTWetjj8+ElvYQh2+XRhLfCfkbFEF/2O5vGI2hcUbyPNHV+nz342FbJXw==',
	},
	{
		version: '26.12.1',
		'linux-x64': 'sha512-jk5LMAmgHlPlPMWpsUrSOqNaEZG+11UNd35hWQ+p5/XGaelWuTqJ69IcAy/5xtPPN4d5ZRBNOGB6gLMCh2kL9A==',
		'linux-arm64': 'sha512-8Oxs6Y7rDcKufVIM/zYRSwytj46WOrZk7yFCLTKDcs17bBjAeD9HMAqo97hMfMyxozIud0S4vZCs5WB/3iavNQ==',
	},
].map(node => ({...node, major: Number.parseInt(node.version, 10)}));

/** Here each has a folder with `node` and `LICENSE` in it, named as in `v26.12.1-linux-x64`. */
const nodesFolder = join(root, 'node_modules/.cache/redis-triage-nodes');

const platform = `${process.platform}-${process.arch}`;

/** Something that stands in the way of having this Node, as one line. */
export class NoSuchNode extends Error {}

/** The folder of this Node, fetched now if it is not here yet. Throws NoSuchNode. */
export function fetchNode(major) {
	const node = nodes.find(one => one.major === major);
	const integrity = node?.[platform];
	if (!integrity) throw new NoSuchNode(`no Node ${major} for ${platform} is known: scripts/lib/nodes.mjs has them`);
	const folder = join(nodesFolder, `v${node.version}-${platform}`);
	if (!existsSync(folder)) download(`node-${platform}@${node.version}`, integrity, folder);
	return {...node, folder, binary: join(folder, 'node')};
}

/** By way of a folder beside it: what has the name of a Node is whole. */
function download(spec, integrity, folder) {
	mkdirSync(nodesFolder, {recursive: true});
	const work = mkdtempSync(join(nodesFolder, '.work-'));
	try {
		// Away from this repository, whose lifecycle scripts are none of its business.
		const {status, stdout, stderr, error} = spawnSync('npm', ['pack', spec, '--silent', '--ignore-scripts'], {cwd: work, encoding: 'utf8'});
		if (status !== 0) throw new NoSuchNode(`npm pack ${spec} failed: ${error?.message ?? (stderr.trim().split('\n')[0] || `exit ${status}`)}`);
		const tarball = join(work, stdout.trim());
		const found = `sha512-${createHash('sha512').update(readFileSync(tarball)).digest('base64')}`;
		if (found !== integrity) throw new NoSuchNode(`${spec} is not what it was: ${found} instead of ${integrity}`);
		const {status: unpacked} = spawnSync('tar', ['-xzf', tarball, '-C', work, '--strip-components=1', 'package/bin/node', 'package/LICENSE'], {
			stdio: 'inherit',
		});
		if (unpacked !== 0) throw new NoSuchNode(`${spec} cannot be unpacked`);
		mkdirSync(join(work, 'whole'));
		renameSync(join(work, 'bin/node'), join(work, 'whole/node'));
		renameSync(join(work, 'LICENSE'), join(work, 'whole/LICENSE'));
		renameSync(join(work, 'whole'), folder);
	} finally {
		rmSync(work, {recursive: true, force: true});
	}
}
