import {onTestFinished} from 'vitest';
import {systemClock} from '../../src/clock.ts';
import {Focus} from '../../src/commands/console/focus.ts';
import {Travel} from '../../src/commands/console/travel.ts';
import type {Target} from '../../src/redis/target.ts';

export type NowhereOptions = {
	readonly environment?: string | undefined;
	readonly lockedBy?: string;
	readonly isReadOnly?: boolean;
	readonly configuredAt?: NonNullable<ConstructorParameters<typeof Focus>[0]['configuredAt']>;
};

export const at = (port: number): Target['endpoint'] => ({kind: 'tcp', host: '127.0.0.1', port});

export const idleDesk = {isIdle: true, settle: async () => {}};

/** A console whose servers are not there: nothing listens at their ports. It was opened for port 1. */
export function openFocus({environment, isReadOnly = false, ...options}: NowhereOptions = {}) {
	const focus = new Focus({
		...options,
		target: {name: 'shop', endpoint: at(1), username: undefined, password: undefined, db: 2, tls: undefined, environment},
		clock: systemClock,
		isReadOnly,
		intervalMs: 60_000,
		label: 'tester@test',
		operator: 'tester',
		host: 'test',
		auditFile: '/nowhere/audit.jsonl',
	});
	onTestFinished(() => focus.close());
	const {store} = focus;
	return {
		focus,
		travel: new Travel({store, desk: idleDesk, focus}),
		session: () => store.getState().session,
		told: () => store.getState().timeline.map(({text}) => text),
	};
}
