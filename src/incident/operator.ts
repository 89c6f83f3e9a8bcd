type Env = Readonly<Record<string, string | undefined>>;

/** Who presses the keys: the person behind sudo, and from where over SSH. One account is often shared on a bastion host. */
export function operatorName(env: Env, userName: string): string {
	const user = env.SUDO_USER || userName;
	const from = env.SSH_CLIENT?.split(' ', 1)[0] || env.SSH_CONNECTION?.split(' ', 1)[0];
	return from ? `${user} from ${from}` : user;
}

/** `$XDG_STATE_HOME/redis-triage`, by default below the home folder (XDG base directory specification). A relative value is ignored, as it says. */
export function stateFolder(env: Env, homeFolder: string): string {
	const configured = env.XDG_STATE_HOME;
	return `${configured?.startsWith('/') ? configured : `${homeFolder}/.local/state`}/redis-triage`;
}
