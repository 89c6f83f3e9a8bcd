/** What the issue promises. `part`: of the bench, which measures it. `of`: the figure, from what was measured; undefined where it could not be measured. */
const targets = [
	{part: 'scene', name: 'The 40x8 scene through our stage: bytes a tick', most: 950, unit: 'B', of: ({scene}) => scene?.bytesPerTick},
	{part: 'scene', name: 'The 40x8 scene through our stage: flashing cells a second', most: 0, unit: '', of: ({scene}) => scene?.flashedPerSecond},
	{part: 'demo', name: "The demo's traffic, 120x40: flashing cells a second", most: 0, unit: '', of: ({demo}) => demo?.flashedPerSecond},
	{part: 'demo', name: "The demo's traffic, 120x40: erasures of the whole screen", most: 0, unit: '', of: ({demo}) => demo?.wipes},
	{part: 'demo', name: "The demo's traffic, 120x40: a key to the first changed cell, p95", most: 12, unit: 'ms', of: ({demo}) => demo?.key?.p95},
	{part: 'demo', name: "The demo's traffic, 120x40: CPU at an interval of 1 s", most: 2, unit: '%', of: ({demo}) => demo?.cpuPercent},
	{part: 'demo', name: "The demo's traffic, 120x40: resident memory", most: 130, unit: 'MiB', of: ({demo}) => demo?.rssMib},
	{part: 'nodes', name: 'First full paint with live data, beyond the floor of Node 20', most: 130, unit: 'ms', of: beyondFloorOf(20)},
	{part: 'nodes', name: 'First full paint with live data, beyond the floor of Node 24', most: 110, unit: 'ms', of: beyondFloorOf(24)},
	{part: 'scene', name: 'Bytes written when the frame is the same again', most: 0, unit: 'B', of: ({still}) => still?.bytes},
	{part: 'demo', name: "The demo's traffic: bytes of frames that change no cell", most: 0, unit: 'B', of: ({demo}) => demo?.idleBytes},
	{
		part: 'held',
		name: 'A key held at 30 a second: rows that the screen is behind, one gap after the last press',
		most: 0,
		unit: '',
		of: ({held}) => held?.behind,
	},
	{part: 'crowd', name: '10,000 clients: scrolling, p95', most: 25, unit: 'ms', of: ({crowd}) => crowd?.scroll.p95},
	{part: 'crowd', name: '10,000 clients: filtering, p95', most: 25, unit: 'ms', of: ({crowd}) => crowd?.filter.p95},
	{
		part: 'crowd',
		name: '10,000 clients, 200 queues: server time of our commands',
		most: 1,
		unit: '% of a core',
		of: ({mostCrowded}) => mostCrowded?.serverPercent,
	},
	{part: 'huge', name: '100,000 clients: the longest that a key waits while the list arrives', most: 50, unit: 'ms', of: ({huge}) => huge?.receiving},
	{part: 'huge', name: '100,000 clients: the longest that a key waits while scrolling', most: 50, unit: 'ms', of: ({huge}) => huge?.scrolling},
	{part: 'hours', name: 'Eight hours compressed: the heap grows after the warm-up by', most: 5, unit: '%', of: ({hours = []}) => heapGrowth(hours)},
];

/** By then it has drawn as many frames as a console does in half an hour: its history and the caches of Ink (4,096 texts each, twice) are full. */
export const warmUpHours = 3;

/** In per cent, from the end of the warm-up to the highest after it. */
export function heapGrowth(hours) {
	const [first, ...later] = hours.slice(warmUpHours).map(({heapBytes}) => heapBytes);
	return later.length === 0 ? undefined : Math.max(0, (Math.max(...later) / first - 1) * 100);
}

/** The promises of these parts. One that could not be measured is not kept. */
export function judged(measured, asked) {
	return targets
		.filter(({part}) => asked.includes(part))
		.map(({name, most, unit, of}) => {
			const figure = of(measured);
			return {name, most, unit, figure, isKept: figure !== undefined && figure <= most};
		});
}

function beyondFloorOf(wanted) {
	return ({nodes = []}) => {
		const node = nodes.find(({major}) => major === wanted);
		return node?.start && node.start.ours - node.start.floor;
	};
}
