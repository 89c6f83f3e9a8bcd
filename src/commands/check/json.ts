import {jsonLine} from '../json-line.ts';
import type {Report} from './report.ts';

/** The report as one line of JSON. */
export const toJson = ({unavailable, ...report}: Report): string =>
	jsonLine({...report, unavailable: unavailable.map(({command, reason}) => ({command, reason}))});
