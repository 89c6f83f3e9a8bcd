import type {ConsoleState} from '../store/store.ts';

/** Nearly everything is refused in BUSY, and asked for nothing while something else is wrong that PING already tells. */
export const isAnswering = ({snapshot: {server}}: ConsoleState): boolean => server.kind !== 'BUSY' && server.kind !== 'SILENT' && server.kind !== 'NOAUTH';
