import {expect, it} from 'vitest';
import {rowOutputs, visibleWidths} from '../build/plugins.ts';
import {bundle} from './helpers/bundle.ts';

it.each([
	['row-outputs', rowOutputs],
	['visible-widths', visibleWidths],
])('a build in which %s finds nothing to change fails, and says so', async (name, plugin) => {
	await expect(bundle('src/errors.ts', [plugin()])).rejects.toThrow(`${name} has never met`);
});
