import {accessFaults} from './access-faults.ts';
import {suite} from './suite.ts';

suite('who may do what', accessFaults);
