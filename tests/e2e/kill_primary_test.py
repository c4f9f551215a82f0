# SPDX-License-Identifier: BSD-3-Clause
"""kill -9 of the primary under traffic: supervisors restart what ends, as systemd does, and the panel
is back without a person.  SPP_KILLS says how often."""
import os
import statistics
import sys
import threading
import time

from panel import (FRAMES, MAC56, MAC58, TMP, TWO_PATHS, Program, check, configuration, configure,
                   equal, known, links_up, primary_argv, rest, spp_ctl, tell, vf_argv, wait_until)

sys.path.insert(0, FRAMES.rpartition('/')[0])
import frames  # noqa: E402  (found by the line above)

KILLS = int(os.environ.get('SPP_KILLS', '3'))
STATE = os.path.join(TMP, 'state')
ENTRIES = [(MAC56, 'ring:0'), (MAC58, 'ring:1')]
RESTART_S = 0.2  # as in the units
BACK_MAX_S = 20


class Supervisor(threading.Thread):
    """Start a program again whenever it ends, as Restart=always of systemd does."""

    def __init__(self, name, argv):
        super().__init__(daemon=True)
        self.name, self.argv = name, argv
        self.is_over, self.program, self.nb_starts = False, None, 0
        self.start()

    def run(self):
        while not self.is_over:
            self.program = Program(self.name, self.argv)
            self.nb_starts += 1
            self.program.process.wait()
            time.sleep(RESTART_S)

    def kill(self):
        self.program.send(9)

    def end(self):
        self.is_over = True
        self.program.kill()
        self.join()


class Probe:
    """Sends numbered frames into ens0 and says when the first of them comes out of ens1."""

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


def status():
    answer = rest('GET', '/v1/vfs/1')
    return answer.json if answer.status == 200 else None


os.mkdir(STATE, 0o700)
ctl = spp_ctl('--state-dir', STATE)
primary = Supervisor('spp_primary', primary_argv())
vf = Supervisor('spp_vf.1', vf_argv())
known(ctl, 1)
configure(TWO_PATHS, ENTRIES)
wanted = configuration()
probe = Probe()
wait_until(probe.passes, 'frames pass')

tell(f'kill -9 of the primary, {KILLS} times')
times, lost = [], 0
for n in range(1, KILLS + 1):
    time.sleep(0.5)
    primary.kill()
    began = time.monotonic()
    while not probe.passes() and time.monotonic() - began < BACK_MAX_S:
        time.sleep(0.02)
    took = time.monotonic() - began
    if took < BACK_MAX_S and configuration() == wanted:
        times.append(took)
    else:
        lost += 1
        tell(f'kill {n}: not back after {took:.1f} s; vf: {status()}')
        break
tell(f'{len(times)} kills survived, {lost} panels lost; back after '
     f'{statistics.median(times) if times else -1:.2f} s in the median, '
     f'{max(times, default=-1):.2f} s at worst; spp_vf started {vf.nb_starts} times')
equal(lost, 0, 'panels that did not come back')
check(vf.nb_starts > KILLS, 'spp_vf was not started again')
vf.end()
primary.end()
ctl.stop()
