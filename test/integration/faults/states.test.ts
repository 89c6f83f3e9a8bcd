import {stateFaults} from './state-faults.ts';
import {suite} from './suite.ts';

suite('what the server refuses', stateFaults);
