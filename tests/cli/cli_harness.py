# SPDX-License-Identifier: BSD-3-Clause
"""The real spp, at a terminal or as a script, against the real spp-ctl and stand-in processes."""
import os
import pty
import re
import select
import signal
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'ctl'))
from harness import LIMIT, Case, PagedVf, Vf, error, main, note  # noqa: E402,F401 (for the tests)

SPP = os.environ.get('SPP', 'spp')
RECIPES = os.environ.get('RECIPES', 'recipes')
PROMPT = 'spp > '
WELCOME = 'Welcome to the SPP CLI. Type `help` or `?` to list commands.'
FAREWELL = 'Thank you for using Soft Patch Panel'


class Terminal:
    """A person at a terminal: sees what spp shows, types when it is his turn."""

    def __init__(self, words, home):
        self.seen = ''
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.environ.update(HOME=home, TERM='dumb')
            os.execv(SPP, [SPP, *words])

    def read(self):
        """Read more of the output; False at its end."""
        ready, _, _ = select.select([self.fd], [], [], LIMIT)
        if not ready:
            raise AssertionError('nothing more after %r' % self.seen)
        try:
            data = os.read(self.fd, 65536)
        except OSError:  # how Linux tells the end of a pseudo-terminal
            data = b''
        self.seen += data.decode().replace('\r', '').replace('\a', '')
        return bool(data)

    def wait(self, pattern):
        """Read until the pattern is there; what came up to its end, which is then forgotten."""
        while True:
            match = re.search(pattern, self.seen)
            if match:
                text, self.seen = self.seen[:match.end()], self.seen[match.end():]
                return text
            if not self.read():
                raise AssertionError('no %r in %r' % (pattern, self.seen))

    def press(self, keys):
        os.write(self.fd, keys.encode())

    def wait_prompt(self, prompt=PROMPT):
        """The lines before the prompt."""
        return self.wait(re.escape(prompt) + '$')[:-len(prompt)].split('\n')[:-1]

    def type(self, line):
        """Type a line; the lines that are printed until the next prompt."""
        self.press(line + '\n')
        return self.wait_prompt()[1:]

    def end(self):
        """Everything up to the end, and the exit status."""
        while self.read():
            pass
        _, status = os.waitpid(self.pid, 0)
        os.close(self.fd)
        self.pid = None
        return self.seen, os.waitstatus_to_exitcode(status)

    def close(self):
        if self.pid is not None:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
            os.close(self.fd)


class CliCase(Case):
    def setUp(self):
        super().setUp()
        self.home = self.directory()
        self.server = '127.0.0.1:%d' % self.ctl.rest_port

    def terminal(self, *words, server=None):
        terminal = Terminal(['-b', server or self.server, *words], self.home)
        self.addCleanup(terminal.close)
        return terminal

    def session(self, *words):
        """A terminal at its first prompt."""
        terminal = self.terminal(*words)
        self.assertEqual(terminal.wait_prompt(), [WELCOME, ''])
        return terminal

    def spp(self, *words, stdin='', server=None):
        return subprocess.run([SPP, '-b', server or self.server, *words], input=stdin, text=True,
                              capture_output=True, timeout=LIMIT,
                              env={**os.environ, 'HOME': self.home})

    def check_run(self, result, output, status=0, errors=''):
        self.assertEqual((result.stdout, result.returncode, result.stderr),
                         (output, status, errors))

    def icmp_vf(self):
        return self.vf(1, answers=Vf(1, cores=(3, 4, 5, 6)))

    def recipe(self, path):
        return os.path.join(RECIPES, 'usecases', 'spp_vf', path)

    def file(self, name, text):
        path = os.path.join(self.home, name)
        with open(path, 'w') as file:
            file.write(text)
        return path
