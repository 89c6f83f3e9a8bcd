/** Where the rules draw their lines. */
export type Thresholds = {
	/** Share of maxclients, 0 to 1. */
	readonly clientsHighRatio: number;
};

export const defaultThresholds: Thresholds = {clientsHighRatio: 0.8};

/** What has been found ends this far below its threshold. */
export const hysteresisRatio = 0.95;
