import {scenarios} from '../demo/scenarios.ts';

/** What `demo` can be asked for. */
export const scenarioNames: readonly string[] = scenarios.map(({name}) => name);
