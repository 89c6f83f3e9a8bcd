import {Document, isSeq, visit} from 'yaml';
import {z} from 'zod';
import {variable} from '../src/config/problem.ts';
import {schema} from '../src/config/schema.ts';

type Shape = z.core.JSONSchema.BaseSchema;

const columns = 120;

const header = [
	'redis-triage: an example of the config file. Generated from its schema by npm run docs.',
	'',
	'It is read from $XDG_CONFIG_HOME/redis-triage/config.yaml (by default ~/.config/redis-triage/config.yaml), else from /etc/redis-triage/config.yaml; --config FILE names another.',
	'Everything in it may be left out. Flags and environment variables come before it.',
	`A value that is ${variable('NAME')} as a whole is read from the environment variable NAME. With a password in it the file must be private: chmod 600.`,
	'To check it: redis-triage check --config-only',
];

/** `docs/config.example.yaml`: every key there is, with what the schema says of it, its default or an example. */
export function configExample(): string {
	const shape: Shape = z.toJSONSchema(schema, {io: 'input'});
	return `${[header.flatMap(text => comment(text, '')), ...properties(shape).map(([key, section]) => ['', ...entry(key, section, '')])].flat().join('\n')}\n`;
}

/** A key with its value below what is said of it. */
function entry(key: string, shape: Shape, indent: string): readonly string[] {
	const words = comment(shape.description ?? '', indent);
	const [example] = shape.examples ?? [];
	if (example !== undefined) return [...words, ...keyTable(itemOf(shape), indent), ...yaml({[key]: example}, indent)];
	const inner = properties(shape);
	if (inner.length === 0) return [...words, ...yaml({[key]: shape.default}, indent)];
	return [...words, `${indent}${key}:`, ...inner.flatMap(([name, child]) => entry(name, child, `${indent}  `))];
}

const properties = (shape: Shape): readonly (readonly [string, Shape])[] =>
	Object.entries(shape.properties ?? {}).flatMap(([key, inner]) => (typeof inner === 'object' ? [[key, inner] as const] : []));

/** What a list is of, or a map with names of the user's own. */
function itemOf({items, additionalProperties}: Shape): Shape {
	for (const item of [items, additionalProperties]) if (typeof item === 'object' && !Array.isArray(item)) return item;
	return {};
}

/** The keys of an item, one a line; those of a map inside it as `tls.cacert`. */
function keyTable(item: Shape, indent: string): readonly string[] {
	const rows = keyRows(item, '');
	const width = Math.max(...rows.map(([key]) => key.length)) + 2;
	return rows.flatMap(([key, words]) => comment(words, indent, `  ${key.padEnd(width)}`));
}

function keyRows(shape: Shape, prefix: string): readonly (readonly [string, string])[] {
	return properties(shape).flatMap(([key, inner]) => {
		const name = `${prefix}${key}`;
		const nested = [inner, ...(inner.anyOf ?? [])].find((branch): branch is Shape => typeof branch === 'object' && branch.properties !== undefined);
		return [[name, `${inner.description ?? ''}${remark(key, inner, shape)}`] as const, ...(nested ? keyRows(nested, `${name}.`) : [])];
	});
}

function remark(key: string, {default: byDefault}: Shape, parent: Shape): string {
	if (parent.required?.includes(key)) return ' (needed)';
	return byDefault === undefined || byDefault === false ? '' : ` (${String(byDefault)})`;
}

/** `text` behind `#`, wrapped; below `lead` from its second line on. */
function comment(text: string, indent: string, lead = ''): readonly string[] {
	const lines: string[] = [];
	let line = lead;
	for (const word of text.split(' ')) {
		const isFull = line.trim() !== '' && indent.length + 2 + line.length + 1 + word.length > columns;
		if (isFull) lines.push(line);
		line = isFull ? `${' '.repeat(lead.length)}${word}` : line === lead ? `${lead}${word}` : `${line} ${word}`;
	}
	return [...lines, line].map(row => `${indent}# ${row}`.trimEnd());
}

/** Lists of single values stand on one line, as a person writes them. */
function yaml(value: Readonly<Record<string, unknown>>, indent: string): readonly string[] {
	const document = new Document(value);
	visit(document, {
		Seq(_key, list) {
			list.flow = list.items.every(item => !isSeq(item) && !(typeof item === 'object' && item !== null && 'items' in item));
		},
	});
	const text = document.toString({lineWidth: 0, flowCollectionPadding: false, singleQuote: true});
	return text
		.trimEnd()
		.split('\n')
		.map(line => `${indent}${line}`);
}
