/** The shells that completions are written for. */
export const shellNames = ['bash', 'zsh', 'fish'] as const;

export type Shell = (typeof shellNames)[number];

export const isShell = (name: string): name is Shell => shellNames.some(shell => shell === name);
