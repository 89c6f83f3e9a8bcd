import {linkFaults} from './link-faults.ts';
import {suite} from './suite.ts';

suite('what goes wrong on the way', linkFaults);
