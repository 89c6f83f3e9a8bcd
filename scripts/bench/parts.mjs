import {bundled} from '../lib/bundle.mjs';
import {fetchNode, NoSuchNode, nodes, oldestMajor} from '../lib/nodes.mjs';
import {hoursOfConsole} from './hours.mjs';
import {rehearse, startUps, steady} from './measure.mjs';
import {startPostgres} from './postgres.mjs';
import {console_, htop, isInstalled, nodeFloor, pgActivity, plainInk, redisCliStat, stageScene, versionsOf} from './programs.mjs';
import {crowdKeys, heldKey, hugeReply, stillFrames} from './tests-of-patience.mjs';
import {crowdWorld, demoWorld} from './worlds.mjs';

export const parts = ['start', 'demo', 'nodes', 'scene', 'crowd', 'held', 'huge', 'hours'];
const queues = 200;
const hugeClients = 100_000;
/** Of the console whose hours pass. */
const lookedAt = {clients: 100, queues: 30};

/** Everything that the plan wants measured, one after the other: two things at once would measure each other. */
export async function measureAll(scratch, plan) {
	const wants = name => plan.only.includes(name);
	const measured = {};
	if (wants('start') || wants('demo')) await withPeers(scratch, plan, measured);
	if (wants('nodes')) await onEachNode(scratch, plan, measured);
	if (wants('scene')) await ourScene(scratch, plan, measured);
	if (wants('crowd') || wants('held') || wants('huge')) await crowded(scratch, plan, measured);
	if (wants('hours') && plan.hours > 0) {
		tell(`${plan.hours} hours`);
		measured.hours = await hoursOfConsole(scratch, plan.hours, lookedAt);
		measured.lookedAt = lookedAt;
	}
	return measured;
}

const tell = what => console.error(`${new Date().toTimeString().slice(0, 8)} ${what}`);

/** The console at the demo's traffic, and the others. */
async function withPeers(scratch, plan, measured) {
	const world = await demoWorld(scratch);
	let postgres;
	try {
		postgres = isInstalled('pg_activity', scratch.env) ? await startPostgres(scratch) : {missing: 'not installed'};
		const programs = [
			console_(world.port),
			nodeFloor(),
			redisCliStat(world.port),
			isInstalled('htop', scratch.env) ? htop : {name: 'htop', why: 'not installed'},
			postgres.missing ? {name: 'pg_activity', why: postgres.missing} : pgActivity(postgres),
			plainInk,
		];
		measured.clients = world.clients;
		measured.versions = versionsOf(
			['redis-server', 'htop', 'pg_activity'].filter(name => isInstalled(name, scratch.env)),
			scratch.env,
		);
		await rehearse(programs[0], plan.sizes[0], scratch.env);
		measured.tables = [];
		for (const size of plan.sizes) measured.tables.push({size, rows: await programRows(programs, size, world, scratch.env, plan)});
		if (plan.only.includes('demo')) measured.demo = measured.tables[0].rows[0].figures;
	} finally {
		await postgres?.stop?.();
		world.stop();
	}
}

async function programRows(programs, size, world, env, plan) {
	const {columns, rows} = size;
	const running = programs.filter(({why}) => why === undefined);
	let starts = [];
	if (plan.only.includes('start')) {
		tell(`starts at ${columns}x${rows}`);
		starts = await startUps(running, size, env, size === plan.sizes[0] ? plan.rounds : Math.ceil(plan.rounds / 3));
	}
	const measured = [];
	for (const program of programs) {
		const row = {name: program.name, why: program.why, start: starts[running.indexOf(program)]};
		if (program.ready && !program.why && plan.only.includes('demo')) {
			tell(`${program.name} at ${columns}x${rows}`);
			row.figures = await steady(program, size, {...plan, env, server: program.asksServer && world});
		}
		measured.push(row);
	}
	return measured;
}

/** Starts on every Node that the console is for, each beside that Node alone, one of each in turn. */
async function onEachNode(scratch, plan, measured) {
	const [size] = plan.sizes;
	const world = await demoWorld(scratch);
	try {
		measured.nodes = nodes.filter(({major}) => major >= oldestMajor).map(nodeOrWhy);
		const here = measured.nodes.filter(({why}) => why === undefined);
		const programs = here.flatMap(({binary}) => [console_(world.port, binary), nodeFloor(binary)]);
		tell(`starts on Node ${here.map(({version}) => version).join(', ')}`);
		for (const {binary} of here) await rehearse(console_(world.port, binary), size, scratch.env);
		const starts = await startUps(programs, size, scratch.env, plan.rounds);
		for (const [index, node] of here.entries()) node.start = {ours: starts[2 * index], floor: starts[2 * index + 1]};
	} finally {
		world.stop();
	}
}

function nodeOrWhy({major, version}) {
	try {
		return {major, version, binary: fetchNode(major).binary};
	} catch (error) {
		if (!(error instanceof NoSuchNode)) throw error;
		return {major, version, why: error.message};
	}
}

async function ourScene(scratch, plan, measured) {
	tell('the scene through our stage');
	const [size] = plan.sizes;
	const bundle = await bundled('scripts/bench/stage-entry.mjs', scratch.folder);
	measured.scene = await steady(stageScene(bundle), size, {...plan, env: scratch.env});
	measured.still = await stillFrames(bundle, scratch.env, plan.windowSeconds / 2);
}

/** From an almost empty server to 10,000 clients, with the same queues. */
async function crowded(scratch, plan, measured) {
	const world = await crowdWorld(scratch, {queues, mostClients: Math.max(...plan.crowds, 1000)});
	try {
		await rehearse(console_(world.port), plan.sizes[0], scratch.env);
		measured.crowds = [];
		const ofHeld = plan.crowds.find(clients => clients >= 1000);
		for (const clients of plan.crowds) {
			await world.fillUpTo(clients);
			if (plan.only.includes('crowd')) for (const size of plan.sizes) measured.crowds.push(await crowdRow(world, clients, size, scratch.env, plan));
			if (clients === ofHeld && plan.only.includes('held')) await held(world, scratch, plan, measured);
		}
		if (plan.only.includes('crowd')) {
			tell('scrolling and filtering');
			measured.crowd = {clients: plan.crowds.at(-1), ...(await crowdKeys(world.port, scratch.env, plan.crowdPresses))};
			measured.mostCrowded = measured.crowds.findLast(({size}) => size === plan.sizes[0]).figures;
		}
		if (plan.only.includes('huge')) {
			tell('100,000 clients');
			measured.huge = {clients: hugeClients, ...(await hugeReply(hugeClients, world.info(), scratch.env, plan.starts))};
		}
	} finally {
		world.stop();
	}
}

async function held(world, {env}, plan, measured) {
	tell('a held key');
	measured.held = await heldKey(world.port, env, plan.heldSeconds);
}

async function crowdRow(world, clients, size, env, plan) {
	tell(`${clients} clients at ${size.columns}x${size.rows}`);
	const program = console_(world.port);
	const [start] = await startUps([program], size, env, Math.ceil(plan.rounds / 3));
	return {clients, size, start, figures: await steady(program, size, {...plan, env, server: world})};
}
