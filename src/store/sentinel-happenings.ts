import type {SentinelEvent} from './sentinel-watch.ts';
import type {Happening, Timeline} from './timeline.ts';

type Words = {readonly kind: 'server' | 'link'; readonly text: string};
type Told = SentinelEvent & {readonly address: string};

const server = (text: string): Words => ({kind: 'server', text});
const link = (text: string): Words => ({kind: 'link', text});

const ofMaster: Readonly<Record<string, (event: Told) => Words>> = {
	'+sdown': ({node, address}) => server(`+sdown: Sentinel ${node} takes the master ${address} for down`),
	'-sdown': ({node, address}) => server(`-sdown: the master ${address} answers Sentinel ${node} again`),
	'+odown': ({address, more}) => server(`+odown: enough Sentinels take the master ${address} for down (${more.replace(/^#/, '')})`),
	'-odown': ({address}) => server(`-odown: the master ${address} no longer counts as down`),
	'+try-failover': ({node}) => server(`+try-failover: Sentinel ${node} begins a failover`),
	'+elected-leader': ({node}) => server(`+elected-leader: Sentinel ${node} carries the failover out`),
	'+failover-end': ({address}) => server(`+failover-end: the failover from ${address} is complete`),
	'-failover-abort-no-good-slave': () => server('-failover-abort-no-good-slave: no replica could be promoted'),
	'-failover-abort-not-elected': ({node}) => server(`-failover-abort-not-elected: Sentinel ${node} got too few votes`),
	'-failover-abort-slave-timeout': () => server('-failover-abort-slave-timeout: the replica was not promoted in time'),
};

const ofReplica: Readonly<Record<string, (event: Told) => Words>> = {
	'+selected-slave': ({address}) => server(`+selected-slave: ${address} is to be the master`),
	'+promoted-slave': ({address}) => server(`+promoted-slave: ${address} has been promoted`),
	'+convert-to-slave': ({address}) => server(`+convert-to-slave: ${address} is made a replica: what only it had is gone`),
	'+slave': ({address}) => link(`+slave: the Sentinels know ${address} as a replica`),
	'+sdown': ({address}) => link(`+sdown: Sentinel takes the replica ${address} for down`),
	'-sdown': ({address}) => link(`-sdown: the replica ${address} answers Sentinel again`),
};

const ofSentinel: Readonly<Record<string, (event: Told) => Words>> = {
	'+sdown': ({node, address}) => link(`+sdown: Sentinel ${address} is down for Sentinel ${node}`),
	'-sdown': ({node, address}) => link(`-sdown: Sentinel ${address} answers Sentinel ${node} again`),
};

const words = {master: ofMaster, replica: ofReplica, sentinel: ofSentinel} as const;

function wordsOf(event: SentinelEvent): Words | undefined {
	const {name, about, moved, node} = event;
	if (moved) return server(`+switch-master: Sentinel moved the master from ${moved.from} to ${moved.to}`);
	if (name === '+tilt') return link(`+tilt: Sentinel ${node} does not trust its clock, and acts on nothing`);
	if (name === '-tilt') return link(`-tilt: Sentinel ${node} acts again`);
	return about && words[about.kind][name]?.({...event, address: about.address});
}

/** All Sentinels tell of the same, each in its time. */
const sameWithinMs = 15_000;

/** For the timeline; undefined for what is only a step within, and for what another Sentinel has told of a moment ago. */
export function sentinelHappening(event: SentinelEvent, timeline: Timeline): Happening | undefined {
	const told = wordsOf(event);
	if (!told) return undefined;
	const {atMs, name, about, moved, node, more} = event;
	const subject = `sentinel:${name}:${moved?.to ?? about?.address ?? node}`;
	if (timeline.some(earlier => earlier.subject === subject && atMs - earlier.atMs < sameWithinMs)) return undefined;
	return {...told, atMs, severity: undefined, subject, details: [`published by Sentinel ${node}`, ...(more === '' ? [] : [more])]};
}
