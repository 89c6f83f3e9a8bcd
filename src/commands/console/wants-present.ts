import type {Playback} from '../../store/playback.ts';

/** Commands that are about the server as it is now, or send something to it. */
const ofPresent =
	/^(?:action\.|undo:|go:|mode\.|server\.|survey\.|interval\.|queues\.rescan|remedy\.run|recovery\.note|dialog\.accept|dialog\.undo|form\.accept)/;

/** A note goes to the present, of which a recording that is only looked at has none. */
export const wantsPresent = (command: string, {kind}: Playback): boolean => ofPresent.test(command) || (kind === 'replay' && command === 'note');
