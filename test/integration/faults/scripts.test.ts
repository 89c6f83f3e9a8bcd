import {scriptFaults} from './script-faults.ts';
import {suite} from './suite.ts';

suite('what holds the server up', scriptFaults);
