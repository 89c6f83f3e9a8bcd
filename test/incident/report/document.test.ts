import {expect, it} from 'vitest';
import {reportMarkdown} from '../../../src/incident/report/markdown.ts';
import {outageLog, outageRecording} from '../../helpers/outage-recording.ts';
import {reportFrom} from '../../helpers/report.ts';

it('is this, of an outage', async () => {
	await expect(reportMarkdown(reportFrom(outageRecording(), outageLog))).toMatchFileSnapshot('../../fixtures/incident-report.md');
});
