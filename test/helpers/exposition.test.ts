import {expect, it} from 'vitest';
import {parseExposition} from './exposition.ts';

const head = '# HELP a b\n# TYPE a gauge\n';

it('reads what is right', () => {
	const text = `${head}a{x="1\\\\2\\"3\\n4",y="}"} 1.5e-7\na -2\n# HELP c_total d\n# TYPE c_total counter\nc_total 1e+21\n`;
	expect([...parseExposition(text)]).toEqual([
		[
			'a',
			{
				type: 'gauge',
				help: 'b',
				series: [
					{labels: {x: '1\\2"3\n4', y: '}'}, value: 1.5e-7},
					{labels: {}, value: -2},
				],
			},
		],
		['c_total', {type: 'counter', help: 'd', series: [{labels: {}, value: 1e21}]}],
	]);
});

it.each([
	['no line feed at the end', `${head}a 1`],
	['an empty line', `${head}\na 1\n`],
	['a sample without HELP and TYPE', 'a 1\n'],
	['no TYPE', '# HELP a b\na 1\n'],
	['no HELP', '# TYPE a gauge\na 1\n'],
	['a second HELP', `${head}a 1\n# HELP a b\n# TYPE a gauge\na{x="1"} 1\n`],
	['a metric in two places', `${head}a 1\n# HELP c d\n# TYPE c gauge\nc 1\na{x="1"} 1\n`],
	['a metric without samples', head],
	['a counter that is not called one', '# HELP a b\n# TYPE a counter\na 1\n'],
	['a type that there is not', '# HELP a b\n# TYPE a stateset\na 1\n'],
	['a series twice', `${head}a{x="1",y="2"} 1\na{y="2",x="1"} 1\n`],
	['a label twice', `${head}a{x="1",x="2"} 1\n`],
	['a quote that is not escaped', `${head}a{x="1"2"} 1\n`],
	['an escape that there is not', `${head}a{x="\\t"} 1\n`],
	['a comma at the end', `${head}a{x="1",} 1\n`],
	['a label that cannot be', `${head}a{1x="1"} 1\n`],
	['NaN', `${head}a NaN\n`],
	['infinity', `${head}a +Inf\n`],
	['a timestamp', `${head}a 1 1395066363000\n`],
	['an escape code', `${head}a{x="\u001b[31m"} 1\n`],
	['a carriage return', `${head}a 1\r\n`],
])('refuses %s', (_what, text) => {
	expect(() => parseExposition(text)).toThrow();
});
