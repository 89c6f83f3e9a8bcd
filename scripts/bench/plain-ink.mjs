// The scene as one writes it with Ink and nothing else: a Box and a Text a cell, Ink's own output on its own alternate screen. `j` and `k` move a cursor.
import {Box, render, Text, useApp, useInput, useWindowSize} from 'ink';
import {createElement, useEffect, useState} from 'react';
import {cellsOf, columns, fitted} from './scene.mjs';

function Scene() {
	const {exit} = useApp();
	const {rows} = useWindowSize();
	const [second, setSecond] = useState(0);
	const [selected, setSelected] = useState(0);
	useEffect(() => {
		const timer = setInterval(() => setSecond(now => now + 1), 1000);
		return () => clearInterval(timer);
	}, []);
	useInput(input => {
		if (input === 'q') exit();
		if (input === 'j') setSelected(row => Math.min(rows - 1, row + 1));
		if (input === 'k') setSelected(row => Math.max(0, row - 1));
	});
	return createElement(
		Box,
		{flexDirection: 'column'},
		Array.from({length: rows}, (_, row) => createElement(Row, {key: row, row, second, isSelected: row === selected})),
	);
}

function Row({row, second, isSelected}) {
	const cells = cellsOf(row, second).map((cell, index) => {
		const [name, width] = columns[index];
		return createElement(Box, {key: name, width}, createElement(Text, {inverse: isSelected}, fitted(cell, width)));
	});
	return createElement(Box, {}, cells);
}

render(createElement(Scene), {alternateScreen: true});
