import type {Finding} from '../../store/finding.ts';
import {queueLabel} from '../../store/queue-label.ts';
import type {Snapshot} from '../../store/snapshot.ts';
import type {Component} from '../../store/store.ts';
import {globMatcher} from '../../text/glob.ts';

type Queues = NonNullable<Snapshot['queues']['data']>;

/**
 * The components of the config file that a finding of P0 or P1 touches: those whose keys hold a queue that it names, and all of them where it is
 * about the server as a whole. What is at risk (P2) touches nobody yet.
 */
export function touchedBy(finding: Finding, components: readonly Component[], queues: Queues): readonly string[] {
	if (finding.severity === 'P2' || components.length === 0) return [];
	const isAboutQueues = finding.id.startsWith('queue.');
	const ids = isAboutQueues ? queues.filter(queue => finding.components.includes(queueLabel(queue))).map(({id}) => id) : [];
	return components.filter(component => finding.components.includes(component.name) || (isAboutQueues ? holds(component, ids) : true)).map(({name}) => name);
}

/** A queue is there in many keys, which begin with its id. */
function holds({keys}: Component, ids: readonly string[]): boolean {
	const matchers = keys.map(globMatcher);
	return ids.some(id => matchers.some(matches => matches(id) || matches(`${id}:wait`) || matches(`${id}:meta`)));
}
