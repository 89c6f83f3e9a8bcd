import {expect, it} from 'vitest';
import {shared} from '../../../src/views/kit/small-table.tsx';

it.each([
	['all get what they want where there is room', [1, 20, 30, 12], 70, [1, 20, 30, 12]],
	['the widest gives way', [1, 20, 90, 12], 70, [1, 20, 37, 12]],
	['the two widest alike', [1, 50, 90, 12], 70, [1, 28, 28, 12]],
	['none disappears', [1, 2, 3], 0, [1, 1, 1]],
])('%s', (_what, wanted, room, widths) => expect(shared(wanted, room)).toEqual(widths));
