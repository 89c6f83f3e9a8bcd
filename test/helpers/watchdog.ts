import {type ChildProcess, spawn} from 'node:child_process';

/**
 * Ends servers whose test run has died, even by kill -9: a shell that reads `+pid dir` and `-pid` lines from us and, when
 * the pipe ends, kills what is left on its list by pid and removes the folders.
 */
const script = `
list=
while read -r verb pid dir; do
	case $verb in
		+) list="$list $pid:$dir" ;;
		-) next=; for entry in $list; do [ "\${entry%%:*}" = "$pid" ] || next="$next $entry"; done; list=$next ;;
	esac
done
for entry in $list; do kill -KILL "\${entry%%:*}"; done 2>/dev/null
sleep 0.1
for entry in $list; do rm -rf "\${entry#*:}"; done`;

let shell: ChildProcess | undefined;

function tell(line: string): void {
	if (!shell) {
		shell = spawn('sh', ['-c', script], {stdio: ['pipe', 'ignore', 'ignore'], detached: true});
		shell.unref();
		// A pipe that keeps the test process alive would keep the watchdog from ever seeing its end.
		(shell.stdin as unknown as {unref: () => void}).unref();
	}
	shell.stdin?.write(`${line}\n`);
}

/** From now on this process and its folder (a path without blanks) do not outlive the test run. */
export const watch = (pid: number, dir: string): void => tell(`+ ${pid} ${dir}`);

/** The process has been ended by its test. */
export const unwatch = (pid: number): void => tell(`- ${pid}`);
