#!/usr/bin/env python3
"""A program on a pseudo terminal, for terminal.mjs: Node has none. Only the standard library, Linux only.

    pty-agent.py COLUMNS ROWS PROGRAM [ARGUMENT...]

Orders come as JSON, one a line, on stdin; its end ends the program. What happens goes out as JSON, one a line, on stdout. Times are milliseconds since
just before the program was started, taken here: what reads these lines may be late, the times are not.

                                  the program has been started                              -> {"pid"}
    {"type": [["j", 0.2], ...]}   write each, and wait so many seconds before the next      -> {"key": TIME, "text": ...}, {"typed": TIME}
    {"answer": "..."}             write it at once, as a terminal answers a question: not as a key -> nothing
    {"sample": true}              processor time and memory of the program and its children -> {"sample": TIME, "cpuMs", "rssKib"}
                                  output                                                    -> {"output": TIME, "bytes": BASE64}
                                  the question whether the terminal is there                -> answered here: a detour would be measured
                                  the program's end                                         -> {"exit": TIME}
"""
import base64
import fcntl
import json
import os
import pty
import select
import signal
import struct
import sys
import termios
import time


QUESTION = b'\x1b[5n'
ANSWER = b'\x1b[0n'


def tell(**said):
    sys.stdout.write(json.dumps(said) + '\n')
    sys.stdout.flush()


def family(ancestor):
    """The process and all that it has started."""
    children = {}
    for name in filter(str.isdigit, os.listdir('/proc')):
        try:
            with open(f'/proc/{name}/stat') as stat:
                parent = int(stat.read().rsplit(')', 1)[1].split()[1])
        except OSError:
            continue
        children.setdefault(parent, []).append(int(name))
    found = [ancestor]
    for pid in found:
        found += children.get(pid, [])
    return found


def cpu_ms(pid):
    """Of all its threads, to the nanosecond: the processor-time clock of another process has this number (man 3 clock_getcpuclockid)."""
    try:
        return time.clock_gettime(~pid << 3 | 2) * 1000
    except OSError:
        return 0


def rss_kib(pid):
    try:
        with open(f'/proc/{pid}/status') as status:
            return next((int(line.split()[1]) for line in status if line.startswith('VmRSS')), 0)
    except OSError:
        return 0


class Agent:
    def __init__(self, columns, rows, argv):
        self.started = time.monotonic()
        self.pid, self.terminal = pty.fork()
        if self.pid == 0:
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack('HHHH', rows, columns, 0, 0))
            signal.signal(signal.SIGPIPE, signal.SIG_DFL)
            os.execvp(argv[0], argv)
        tell(pid=self.pid)
        self.orders = b''
        self.unfinished = b''
        self.to_type = []
        self.type_at = None

    def now(self):
        return (time.monotonic() - self.started) * 1000

    def run(self):
        while True:
            wait = None if self.type_at is None else max(0, self.type_at - self.now()) / 1000
            ready = select.select([self.terminal, 0], [], [], wait)[0]
            if self.terminal in ready and not self.read():
                break
            if 0 in ready and not self.obey():
                break
            if self.type_at is not None and self.now() >= self.type_at:
                self.type_next()
        try:
            os.killpg(self.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        os.waitpid(self.pid, 0)
        tell(exit=self.now())

    def read(self):
        try:
            data = os.read(self.terminal, 1 << 16)
        except OSError:
            return False
        if data:
            self.answer(data)
            tell(output=self.now(), bytes=base64.b64encode(data).decode())
        return bool(data)

    def answer(self, data):
        """A question may be cut by the end of a read."""
        seen = self.unfinished + data
        asked = seen.count(QUESTION)
        if asked > 0:
            os.write(self.terminal, ANSWER * asked)
        self.unfinished = seen[-(len(QUESTION) - 1):] if not seen.endswith(QUESTION) else b''

    def obey(self):
        data = os.read(0, 1 << 16)
        *lines, self.orders = (self.orders + data).split(b'\n')
        for line in lines:
            order = json.loads(line)
            if 'type' in order:
                self.to_type += order['type']
                self.type_at = self.now() if self.type_at is None else self.type_at
            if 'answer' in order:
                os.write(self.terminal, order['answer'].encode())
            if 'sample' in order:
                pids = family(self.pid)
                tell(sample=self.now(), cpuMs=sum(map(cpu_ms, pids)), rssKib=sum(map(rss_kib, pids)))
        return bool(data)

    def type_next(self):
        if not self.to_type:
            self.type_at = None
            tell(typed=self.now())
            return
        text, pause = self.to_type.pop(0)
        at = self.now()
        os.write(self.terminal, text.encode())
        tell(key=at, text=text)
        # From when it was due, so that a held key does not slow down with every press.
        self.type_at += pause * 1000


Agent(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3:]).run()
