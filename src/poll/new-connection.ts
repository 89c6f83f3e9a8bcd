import type {Snapshot} from '../store/snapshot.ts';
import {forgetRefusals} from './refusals.ts';

type Greeted = {readonly hello: {readonly product: string | undefined; readonly version: string | undefined; readonly role: string | undefined} | undefined};

/** What belongs to a connection begins anew with it: what was refused, and the database selected. */
export function onNewConnection(snapshot: Snapshot, {hello}: Greeted): Snapshot {
	const identity = hello ? {product: hello.product, version: hello.version, role: hello.role} : snapshot.identity;
	return {...forgetRefusals(snapshot), roundTrips: [], identity, database: {selected: undefined, error: undefined}};
}
