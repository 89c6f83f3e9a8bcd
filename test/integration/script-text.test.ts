import {createHash} from 'node:crypto';
import {expect, it} from 'vitest';
import {changeUi} from '../../src/store/ui-commands.ts';
import {scriptDetail} from '../../src/views/scripts/script-detail.ts';
import {openTestSession, startForTest} from '../helpers/server-session.ts';

const text = "local all = {}\n\tfor i = 1, 3 do all[i] = redis.call('GET', KEYS[1]) end\nreturn '\u001b[31m'";

/** The script's own slow EVALSHA, open in full on a console. */
async function openSlowScript(script: string) {
	const redis = await startForTest({conf: {'slowlog-log-slower-than': 0}});
	const sha = String(await redis.call('SCRIPT', 'LOAD', script));
	expect(sha).toBe(createHash('sha1').update(script).digest('hex'));
	await redis.call('EVALSHA', sha, '1', 'a');
	const session = await openTestSession(redis.url, {intervalMs: 200});
	const entry = await session.until('the EVALSHA is in the slowlog', ({snapshot}) => snapshot.slowlog.data?.entries.find(({scriptSha}) => scriptSha === sha));
	const open = () =>
		changeUi(session.store, ({ui}) => ({
			overlay: {kind: 'detail', pane: 'scripts', offset: 0},
			panes: {...ui.panes, scripts: {...ui.panes.scripts, selectedId: String(entry.id)}},
		}));
	const facts = () => scriptDetail(session.state(), () => undefined)?.facts ?? [];
	const told = () =>
		facts()
			.slice(facts().findIndex(([name]) => name === 'text'))
			.map(([, value]) => value);
	const knowsIt = !/unknown subcommand/.test(String(await redis.call('SCRIPT', 'SHOW', sha).catch(String)));
	return {redis, session, open, told, hasText: () => facts().some(([name]) => name === 'text'), knowsIt};
}

it('the text of a slow script is told where the server knows it, and the others are asked once', async () => {
	const {redis, session, open, told, hasText, knowsIt} = await openSlowScript(text);
	expect(session.state().snapshot.scriptTexts).toMatchObject({data: undefined, refused: undefined});
	open();
	if (knowsIt) {
		await session.until('its text', ({snapshot}) => snapshot.scriptTexts.data);
		expect(told()).toEqual(['local all = {}', "  for i = 1, 3 do all[i] = redis.call('GET', KEYS[1]) end", "return '\u001b[31m'"]);
	} else {
		await session.until('it has been refused', ({snapshot}) => snapshot.scriptTexts.refused);
		expect(hasText()).toBe(false);
		expect(session.state().findings.map(({id}) => id)).not.toContain('access.limited');
	}
	const calls = async () => /cmdstat_script\|show:calls=(\d+)/.exec(String(await redis.call('INFO', 'commandstats')))?.[1];
	const before = await calls();
	const [asOf] = session.state().snapshot.history.atMs.slice(-1);
	await session.until('three more looks', ({snapshot: {history}}) => history.atMs.filter(atMs => atMs > (asOf ?? 0)).length >= 3);
	expect(await calls()).toBe(before);
});

it('a script that was thrown away is told to be gone', async () => {
	const {redis, session, open, told, hasText, knowsIt} = await openSlowScript('return 7');
	await redis.call('SCRIPT', 'FLUSH');
	open();
	await session.until('an answer', ({snapshot: {scriptTexts}}) => scriptTexts.data ?? scriptTexts.refused);
	expect(hasText()).toBe(knowsIt);
	if (knowsIt) expect(told()).toEqual(['the server does not have this script any more (SCRIPT FLUSH, or a restart)']);
});
