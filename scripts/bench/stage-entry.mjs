// The scene drawn by Ink through our own stage, a Text a row: what the console does, without the console. `still`: the same frame again and again, and at
// the end how many there were. `j` and `k` move a cursor, `q` ends.
import '../../src/promise-with-resolvers.ts';
import {Box, render, Text, useInput} from 'ink';
import {createElement, useEffect, useState} from 'react';
import {Terminal} from '../../src/terminal/terminal.ts';
import {lineOf} from './scene.mjs';

const isStill = process.argv[2] === 'still';
const terminal = new Terminal({
	stdin: process.stdin,
	stdout: process.stdout,
	unfold: frame => frame,
	isDebug: true,
	onEnd: ({code}) => process.exit(code),
});
const {stage} = terminal;
let frames = 0;

function Scene() {
	const {rows} = stage;
	const [tick, setTick] = useState(0);
	const [selected, setSelected] = useState(0);
	useEffect(() => {
		const timer = setInterval(() => setTick(now => now + 1), isStill ? 50 : 1000);
		return () => clearInterval(timer);
	}, []);
	useInput(input => {
		if (input === 'q') end();
		if (input === 'j') setSelected(row => Math.min(rows - 1, row + 1));
		if (input === 'k') setSelected(row => Math.max(0, row - 1));
	});
	const second = isStill ? 0 : tick;
	const lines = Array.from({length: rows}, (_, row) => createElement(Text, {key: row, inverse: row === selected}, lineOf(row, second)));
	return createElement(Box, {flexDirection: 'column'}, lines);
}

function end() {
	terminal.leave();
	process.stdout.write(`${frames} frames\n`, () => process.exit(0));
}

terminal.enter();
const options = {stdout: stage, stdin: process.stdin, debug: true, exitOnCtrlC: false, patchConsole: false, interactive: true, onRender: () => frames++};
render(createElement(Scene), options);
