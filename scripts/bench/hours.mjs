import {spawn} from 'node:child_process';
import {mkdirSync} from 'node:fs';
import {join} from 'node:path';
import {createInterface} from 'node:readline';
import {bundled} from '../lib/bundle.mjs';

/** Hours of a console with its screen, at a made-up server: what its heap holds at the end of each, garbage taken out. */
export async function hoursOfConsole({folder, env}, hours, {clients, queues}) {
	const recordings = join(folder, 'hours');
	mkdirSync(recordings);
	const program = await bundled('test/fixtures/hours-entry.ts', folder);
	const child = spawn('node', [program, recordings, hours, clients, queues].map(String), {env, stdio: ['ignore', 'pipe', 'inherit']});
	const ended = new Promise(resolve => child.once('exit', resolve));
	const told = [];
	for await (const line of createInterface({input: child.stdout})) told.push(JSON.parse(line));
	const code = await ended;
	if (code !== 0 || told.length !== hours + 1) throw new Error(`the console of ${hours} hours has ended with ${code} after ${told.length - 1}`);
	return told;
}
