import type {Thresholds} from '../diagnosis/thresholds.ts';
import type {Endpoint, SentinelAccess, UrlParts} from '../redis/target.ts';

/** What the config file says, with defaults for what it does not say. */
export type Config = {
	/** The file it was read from; undefined when there is none. */
	readonly file: string | undefined;
	readonly targets: ReadonlyMap<string, ConfigTarget>;
	readonly thresholds: Thresholds;
	readonly components: readonly Component[];
	readonly queues: {
		/** Only queues below these key prefixes are of interest; empty: all that are found. */
		readonly prefixes: readonly string[];
		/** The first that matches a queue counts. */
		readonly rules: readonly QueueRule[];
	};
	readonly scripts: {
		/** Whole paths of folders with Lua files. */
		readonly directories: readonly string[];
	};
	readonly hooks: readonly Hook[];
	readonly checks: readonly Check[];
	readonly defaults: ConfigDefaults;
};

/** For what neither a flag nor the environment says. */
type ConfigDefaults = {readonly intervalSeconds: number; readonly readOnly: boolean; readonly record: boolean};

/** A server by name. */
export type ConfigTarget = {
	readonly name: string;
	/** `FILE:LINE`, for messages. */
	readonly where: string;
	/** As a URL would say it. Without endpoint it is Sentinel that knows it. */
	readonly parts: Omit<UrlParts, 'endpoint'> & {readonly endpoint: Endpoint | undefined};
	/** Lower case. */
	readonly environment: string | undefined;
	/** `locked`: the console cannot be switched to guarded either. */
	readonly readOnly: boolean | 'locked';
	/** Only set where TLS is on. */
	readonly tls: TargetTls | undefined;
	readonly sentinel: SentinelAccess | undefined;
	readonly isCluster: boolean;
};

/** As the flags of these names. Whole paths; nothing has been read yet. */
export type TargetTls = {
	readonly insecure: boolean;
	readonly sni: string | undefined;
	readonly cacert: string | undefined;
	readonly cacertdir: string | undefined;
	readonly cert: string | undefined;
	readonly key: string | undefined;
};

/** A part of the application, told by its keys. */
type Component = {
	readonly name: string;
	/** Redis glob patterns. */
	readonly keys: readonly string[];
	/** What users notice when it fails. */
	readonly impact: string | undefined;
	/** Its keys can be deleted in an emergency. */
	readonly isClearable: boolean;
};

/** Own lines for some queues; undefined: as in the thresholds. */
export type QueueRule = {
	/** Redis glob pattern over `prefix:name`. */
	readonly match: string;
	/** No findings about these. */
	readonly isIgnored: boolean;
	readonly depthCount: number | undefined;
	readonly stuckSeconds: number | undefined;
	readonly overdueSeconds: number | undefined;
	/** 0 to 1. */
	readonly failingRatio: number | undefined;
};

/** Becomes the action `hook.NAME`. */
type Hook = {
	readonly name: string;
	/** Run as it is, without a shell. */
	readonly command: readonly string[];
	readonly danger: 'safe' | 'disruptive' | 'destructive';
	readonly timeoutSeconds: number;
};

/** An HTTP GET that tells whether the service is back. */
type Check = {readonly name: string; readonly url: string; readonly status: number};
