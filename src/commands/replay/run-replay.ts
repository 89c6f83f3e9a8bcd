import {registryOf} from '../../actions/registry.ts';
import {systemClock} from '../../clock.ts';
import {stateFolder} from '../../incident/operator.ts';
import {Player} from '../../incident/recording/player.ts';
import {openRecording, type Recording} from '../../incident/recording/read-recording.ts';
import {auditFilesFor} from '../../incident/report/write-report.ts';
import {createConsoleStore} from '../../store/store.ts';
import {notify} from '../../store/ui-commands.ts';
import type {EndReason} from '../../terminal/terminal.ts';
import {formatClock} from '../../text/format.ts';
import {Controller, type Desk} from '../console/controller.ts';
import {Papers} from '../console/papers.ts';
import {Screen} from '../console/screen.tsx';
import {programName, type Seat} from '../console/seat.ts';
import {raiseLater} from '../console/session.ts';
import {takeReport} from '../console/take-report.ts';
import {takeSnapshot} from '../console/take-snapshot.ts';
import {playEveryMs} from '../console/time-keys.ts';
import type {ReplayFlags} from '../flag-replay.ts';
import type {DisplayOptions} from '../flags.ts';
import {Playing} from './playing.ts';

type Options = ReplayFlags & Pick<DisplayOptions, 'ascii' | 'colour'>;

/** The console over a recording, without a server. Resolves with why it ended. Rejects with a UsageError where the file is no recording. */
export async function runReplay({file, ascii, colour}: Options, seat: Seat): Promise<EndReason> {
	const recording = await openRecording(file);
	const player = new Player(recording, recording.fromMs, systemClock.now);
	const store = createConsoleStore(player.shown.session, player.shown.nowMs);
	const registry = registryOf([]);
	const playing = new Playing(player, store, registry, systemClock.now);
	const screen = new Screen(seat);
	const stop = new AbortController();
	const folder = stateFolder(seat.env, seat.homeFolder);
	const papers = new Papers({store, homeFolder: seat.homeFolder, isAscii: ascii, now: systemClock.now});
	const written = {papers, store, now: systemClock.now};
	const shown = () => screen.shown ?? store.getState();
	const controller = new Controller({
		store,
		desk: nobody,
		registry,
		quit: () => screen.end({code: 0, message: undefined}),
		suspend: () => screen.terminal.suspend(),
		copy: text => screen.terminal.copy(text),
		snapshot: () => takeSnapshot({...written, shown, screenText: () => screen.terminal.stage.text, folder: `${folder}/snapshots`}),
		report: () =>
			takeReport({...written, source: async () => recording, auditFiles: auditFilesFor(file, folder), program: programName(seat), folder: `${folder}/reports`}),
		now: systemClock.now,
		time: playing,
	});
	playing.show();
	screen.open(store, controller, {ascii, colour});
	const news = whatIsMissing(recording) ?? whoWrote(recording, seat);
	if (news !== undefined) notify(store, news, 'warn');
	playing.togglePlay();
	passTime(playing, stop.signal).catch(raiseLater);

	const reason = await screen.ended;
	screen.close();
	stop.abort();
	await papers.settle();
	return reason;
}

async function passTime(playing: Playing, signal: AbortSignal): Promise<void> {
	while (!signal.aborted) {
		await systemClock.sleep(playEveryMs, signal);
		playing.pass();
	}
}

const whoWrote = ({version}: Recording, seat: Seat): string | undefined =>
	version === seat.version ? undefined : `Recorded by redis-triage ${version}, and this is ${seat.version}: what has changed between them may look odd`;

function whatIsMissing({damage, isCut, toMs}: Recording): string | undefined {
	if (damage) return `Damaged at byte ${damage.atByte} of ${damage.ofBytes} (${damage.reason}): it can be seen up to ${formatClock(damage.afterMs)}`;
	return isCut ? `Its writer was killed, or writes still: the last whole moment is ${formatClock(toMs)}` : undefined;
}

/** Nothing is carried out: the controller has said so before it would ask for it. */
const nobody: Desk = {
	accept() {},
	acceptWord() {},
	canStart: () => false,
	close() {},
	decline() {},
	isDeaf: () => false,
	scroll() {},
	start() {},
	startWith() {},
	stop() {},
	submitForm() {},
	undo() {},
};
