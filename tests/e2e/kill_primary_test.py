# SPDX-License-Identifier: BSD-3-Clause
"""kill -9 of the primary under traffic: supervisors restart what ends, as systemd does, and the panel
is back without a person.  SPP_KILLS says how often."""
import os
import statistics
import time

from panel import (MAC56, MAC58, TMP, TWO_PATHS, check, configuration, configure, equal, known,
                   primary_argv, rest, spp_ctl, tell, vf_argv, wait_until)
from supervised import Probe, Supervisor

KILLS = int(os.environ.get('SPP_KILLS', '3'))
STATE = os.path.join(TMP, 'state')
ENTRIES = [(MAC56, 'ring:0'), (MAC58, 'ring:1')]
BACK_MAX_S = 20


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
    orphan, began = vf.program, time.monotonic()
    primary.kill()
    orphan.wait()  # until it has noticed it still forwards
    if probe.await_pass(BACK_MAX_S) is not None and configuration() == wanted:
        times.append(time.monotonic() - began)
    else:
        lost += 1
        print(*primary.lines, *vf.lines, sep='\n')
        tell(f'kill {n}: not back, or without its configuration; vf: {status()}')
        break
tell(f'{len(times)} kills survived, {lost} panels lost; back after '
     f'{statistics.median(times) if times else -1:.2f} s in the median, '
     f'{max(times, default=-1):.2f} s at worst; spp_vf started {vf.nb_starts} times')
equal(lost, 0, 'panels that did not come back')
check(vf.nb_starts > KILLS, 'spp_vf was not started again')
vf.end()
primary.end()
ctl.stop()
