import type {Argv} from './flag-argv.ts';

/** What is kept as evidence, as typed. */
export type RecordFlags = {
	/** A new file that was named; undefined: one in the state folder. */
	readonly file: string | undefined;
	/** Undefined: as the config file says. */
	readonly isOn: boolean | undefined;
	readonly isRedacted: boolean;
	/** An action that cannot be written to the audit log is refused. */
	readonly isAudited: boolean;
};

export function toRecordFlags({text, isOn}: Argv): RecordFlags {
	const file = text('record');
	return {file, isOn: isOn('recording') ? false : file === undefined ? undefined : true, isRedacted: isOn('redact'), isAudited: !isOn('auditing')};
}
