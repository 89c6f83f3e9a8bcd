import {type AddressInfo, createConnection, createServer, type Socket} from 'node:net';
import {expect, it, onTestFinished} from 'vitest';
import {systemClock} from '../../src/clock.ts';
import {type Apply, createApply} from '../../src/poll/apply.ts';
import {Observer} from '../../src/poll/observer.ts';
import {OwnCost} from '../../src/poll/own-cost.ts';
import {runTicker} from '../../src/poll/ticker.ts';
import {Link} from '../../src/redis/link.ts';
import {createConsoleStore} from '../../src/store/store.ts';
import {openIdleConnections} from '../helpers/idle-connections.ts';
import {startProxy} from '../helpers/proxy.ts';
import {isWhole, openTestSession, startForTest, targetOf} from '../helpers/server-session.ts';
import {until} from '../helpers/until.ts';

type Line = {
	readonly port: number;
	/** Like a firewall: what flows now is dropped from here on, in silence; new connections pass. */
	readonly forget: () => void;
};

/** A line to the server that carries so many bytes towards us every 50 ms. */
async function startLine(serverPort: number, bytesPer50Ms = Number.POSITIVE_INFINITY): Promise<Line> {
	const flows = new Set<{isForgotten: boolean}>();
	const sockets = new Set<Socket>();
	const listener = createServer(client => {
		const server = createConnection(serverPort, '127.0.0.1');
		const flow = {isForgotten: false};
		flows.add(flow);
		let waiting = Buffer.alloc(0);
		const pump = setInterval(() => {
			if (waiting.length === 0 || flow.isForgotten) return;
			client.write(waiting.subarray(0, bytesPer50Ms));
			waiting = waiting.subarray(bytesPer50Ms);
		}, 50);
		client.on('data', chunk => flow.isForgotten || server.write(chunk));
		server.on('data', chunk => {
			waiting = Buffer.concat([waiting, chunk]);
		});
		const end = () => {
			clearInterval(pump);
			client.destroy();
			server.destroy();
		};
		for (const socket of [client, server]) {
			sockets.add(socket);
			// The other side is ended with it, and that is all there is to do.
			socket.on('error', end).on('close', end);
		}
	});
	await new Promise<void>(resolve => listener.listen(0, '127.0.0.1', resolve));
	onTestFinished(() => {
		listener.close();
		for (const socket of sockets) socket.destroy();
	});
	return {
		port: (listener.address() as AddressInfo).port,
		forget() {
			for (const flow of flows) flow.isForgotten = true;
		},
	};
}

it('a big reply on a slow line is no silence while bytes come in', async () => {
	const redis = await startForTest();
	const idle = await openIdleConnections(redis.port, 300);
	onTestFinished(() => idle.close());
	const line = await startLine(redis.port, 2500);
	const startedAtMs = Date.now();
	const session = await openTestSession(`redis://127.0.0.1:${line.port}`);
	await session.until('everything has been read', isWhole);
	// The list alone takes longer than the patience with it.
	expect(Date.now() - startedAtMs).toBeGreaterThan(1000);
	expect(session.states.map(({kind}) => kind)).toEqual(['CONNECTING', 'OK']);
});

it('a connection that something between has forgotten is given up as soon as a fresh one is served', async () => {
	const redis = await startForTest();
	const line = await startLine(redis.port);
	const link = new Link({target: await targetOf([`127.0.0.1:${line.port}`]), name: 'forgotten', clock: systemClock}).open();
	const stop = new AbortController();
	onTestFinished(() => {
		stop.abort();
		link.close();
	});
	const target = {name: 'test', address: 'test', environment: undefined, db: 0};
	const session = {
		target,
		mode: 'guarded',
		operator: 'tester',
		intervalMs: 1000,
		ownClientIds: new Set<string>(),
		components: [],
		auditFile: '/dev/null',
		acting: 'open',
	} as const;
	const store = createConsoleStore(session, systemClock.now());
	const kinds: string[] = [];
	store.subscribe(({snapshot: {server}}) => {
		if (server.kind !== kinds.at(-1)) kinds.push(server.kind);
	});
	const apply: Apply = createApply({store, link, clock: systemClock, patienceMs: () => observer.patienceMs(), diagnose: () => []});
	const observer = new Observer({link, store, clock: systemClock, db: 0, apply, cost: new OwnCost(1)});
	let served = 0;
	const onServed = () => {
		served += 1;
	};
	const background = [
		observer.run(stop.signal),
		runTicker({store, link, clock: systemClock, apply, onServed, knock: () => Promise.resolve({kind: 'accepts'})}, stop.signal),
	];
	const kind = () => store.getState().snapshot.server.kind;
	await until('OK', () => kind() === 'OK');

	line.forget();
	await until('SILENT', () => kind() === 'SILENT');
	await until('OK again', () => kind() === 'OK', 15_000);
	expect(served).toBe(1);
	expect(kinds.filter(one => one !== 'CONNECTING')).toEqual(['OK', 'SILENT', 'OK']);
	stop.abort();
	await Promise.all(background);
});

it('CLIENT LIST is not read as fast as somebody asks for it', async () => {
	const redis = await startForTest();
	const idle = await openIdleConnections(redis.port, 2000);
	onTestFinished(() => idle.close());
	const proxy = await startProxy(redis.port);
	onTestFinished(proxy.close);
	const session = await openTestSession(proxy.url);
	await session.until('everything has been read', isWhole);
	const lists = () => proxy.commands.filter(([first, second]) => first === 'CLIENT' && second === 'LIST').length;

	await session.actionDeps.refresh(['clients']);
	const before = lists();
	const startedAtMs = performance.now();
	for (let turn = 1; turn <= 5; turn += 1) {
		await session.actionDeps.refresh(['clients']);
		expect(lists()).toBeGreaterThanOrEqual(before + turn);
	}
	expect(performance.now() - startedAtMs).toBeGreaterThan(5 * 100);
});

it('a list that is still being read when its connection ends is no list of the next one', async () => {
	const redis = await startForTest();
	const proxy = await startProxy(redis.port);
	onTestFinished(proxy.close);
	const session = await openTestSession(proxy.url);
	await session.until('everything has been read', isWhole);
	const totals: (number | undefined)[] = [];
	session.store.subscribe(({snapshot}) => totals.push(snapshot.clients.data?.whole?.count ?? snapshot.clients.data?.clients.length));

	const list = Array.from({length: 100_000}, (_, id) => `id=${id} addr=10.0.0.1:${id} name=gone age=1 idle=1 flags=N db=0 cmd=get user=default\n`).join('');
	await proxy.loseReplyTo(([command, word]) => command === 'CLIENT' && word === 'LIST', Buffer.from(`$${list.length}\r\n${list}\r\n`));
	const lists = () => proxy.commands.filter(([command, word]) => command === 'CLIENT' && word === 'LIST').length;
	const lost = lists();
	await session.until('the next connection has told its own', ({snapshot}) => lists() > lost && snapshot.clients.data);
	expect(Math.max(...totals.map(total => total ?? 0))).toBeLessThan(100);
	expect(totals.length).toBeGreaterThan(0);
});
