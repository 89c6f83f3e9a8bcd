import {expect, it} from 'vitest';
import {nodeFacts} from '../../../src/views/ha/node-detail.ts';
import {ownCells, ownColumns} from '../../../src/views/ha/replica-own.ts';
import {noonMs, serverInfo} from '../../helpers/fixtures.ts';
import {fleetNode} from '../../helpers/fleet.ts';

const savedAt = {clockMs: noonMs, lastSaveAtSeconds: noonMs / 1000 - 90};

it.each([
	['its last save', {...savedAt, uptimeSeconds: 9000}, '1m30s', /^11:58:30Z, 1m30s before that;/],
	['its start, where it has saved nothing since', {...savedAt, uptimeSeconds: 90}, 'not yet', /^none since its start at 11:58:30Z, 1m30s before that;/],
])('another server tells %s', (_what, info, cell, detail) => {
	const node = fleetNode({info: serverInfo(info)});
	expect(ownCells({id: node.address, replica: undefined, node}, false)[ownColumns.findIndex(({title}) => title === 'SAVED')]).toBe(cell);
	expect(new Map(nodeFacts(node, [node], false)).get('last save')).toMatch(detail);
});
