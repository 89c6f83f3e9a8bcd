import {jsonLine} from '../json-line.ts';
import type {Report} from './report.ts';

/** The report without what only the text needs. */
export const toPlain = ({unavailable, ...report}: Report) => ({...report, unavailable: unavailable.map(({command, reason}) => ({command, reason}))});

/** The report as one line of JSON. */
export const toJson = (report: Report): string => jsonLine(toPlain(report));
