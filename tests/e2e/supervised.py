# SPDX-License-Identifier: BSD-3-Clause
"""Programs that are started again when they end, as systemd does, and frames that show when the panel is back."""
import sys
import threading
import time

from panel import FRAMES, MAC56, Program, links_up

sys.path.insert(0, FRAMES.rpartition('/')[0])
import frames  # noqa: E402  (found by the line above)

RESTART_S = 0.2  # as in the units


class Supervisor(threading.Thread):
    """Start a program again whenever it ends, as Restart=always of systemd does."""

    def __init__(self, name, argv):
        super().__init__(daemon=True)
        self.name, self.argv = name, argv
        self.is_over, self.program, self.nb_starts = False, None, 0
        self.lines = []
        self.start()

    def run(self):
        while not self.is_over:
            self.program = Program(self.name, self.argv)
            self.nb_starts += 1
            self.program.process.wait()
            self.program.reader.join()
            self.lines += self.program.lines
            time.sleep(RESTART_S)

    def kill(self):
        self.program.send(9)

    def end(self):
        self.is_over = True
        self.program.kill()
        self.join()


class Probe:
    """Sends numbered frames into ens0 and says when one of them comes out of ens1."""

    def __init__(self):
        self.number = 0

    def passes(self):
        try:
            links_up('ens0', 'ens1')
            source, sink = frames.open_interface('ens0'), frames.open_interface('ens1')
        except Exception:  # pylint: disable=broad-except; the interfaces die with the primary
            return False
        try:
            self.number += 1
            wanted = frames.Spec(f'to={MAC56},stream=7').frame(self.number % 1000)
            frames.send(source, wanted)
            time.sleep(0.02)
            return any(frame == wanted for frame in frames.receive(sink))
        except OSError:
            return False
        finally:
            source.close()
            sink.close()

    def await_pass(self, limit_s):
        """Seconds until a frame passes; None when none does in time."""
        began = time.monotonic()
        while not self.passes():
            if time.monotonic() - began > limit_s:
                return None
            time.sleep(0.02)
        return time.monotonic() - began
