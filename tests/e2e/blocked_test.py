# SPDX-License-Identifier: BSD-3-Clause
"""A process dies inside DPDK's memory allocator and leaves it locked: the primary notices and says so,
nobody waits for ever, and under supervisors the panel starts again as one, with its configuration."""
import ctypes
import os
import subprocess
import sys

from panel import (HUGE_DIR, MAC56, MAC58, TMP, TWO_PATHS, Program, check, configuration,
                   configure, equal, known, primary_argv, skip, spp_ctl, spp_primary, spp_vf,
                   tell, vf_argv, wait_until)
from supervised import Probe, Supervisor

EAL = 'librte_eal.so.23'
STUCK = ("^spp_primary: a process has died inside DPDK's memory allocator, which blocks every start "
         'and every new port for ever; the panel has to start again as one')
GONE = 'the primary process has gone while this process was starting; start spp_primary again'
STATE = os.path.join(TMP, 'state')
BACK_MAX_S = 60


def block():
    """Be a secondary that prints the heap, under its lock, into a pipe with room for the title."""
    eal, libc = ctypes.CDLL(EAL), ctypes.CDLL(None)
    words = [b'blocker', b'-l', b'0', b'--proc-type=secondary', b'--no-pci',
             b'--huge-dir=' + HUGE_DIR.encode(), b'--log-level=4']
    if eal.rte_eal_init(len(words), (ctypes.c_char_p * len(words))(*words)) < 0:
        sys.exit('the blocker has no DPDK')
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    try:
        while True:
            os.write(writer, b' ' * 4096)
    except BlockingIOError:
        os.set_blocking(writer, True)
        os.read(reader, 4096)
    libc.fdopen.restype = ctypes.c_void_p
    file = ctypes.c_void_p(libc.fdopen(writer, b'w'))
    libc.setbuf(file, None)
    print('blocks', flush=True)
    eal.rte_malloc_dump_heaps(file)
    sys.exit('nothing blocks')


if sys.argv[1:] == ['block']:
    block()
try:
    ctypes.CDLL(EAL)
except OSError as error:
    skip(str(error))


def is_blocked(process):
    check(process.poll() is None, 'the blocker has ended')
    with open(f'/proc/{process.pid}/wchan', encoding='ascii') as place:
        return 'pipe' in place.read()


def die_with_the_lock():
    blocker = subprocess.Popen([sys.executable, __file__, 'block'], stdout=subprocess.PIPE,
                               text=True)
    while (line := blocker.stdout.readline()) != 'blocks\n':
        check(line != '', 'the blocker has ended')
    wait_until(lambda: is_blocked(blocker), 'the blocker waits with the lock')
    blocker.kill()
    blocker.wait()


os.mkdir(STATE, 0o700)
ctl = spp_ctl('--state-dir', STATE)

tell('a process dies with the lock of the heap: the primary says so and ends with a failure')
primary = spp_primary()
vf = spp_vf()
die_with_the_lock()
late = Program('spp_vf.2', vf_argv(2, lcores='(0,7-9)@(0-1)'))
primary.await_line(STUCK)
equal(primary.wait(), 1, 'exit status of spp_primary')

tell('a secondary that was starting does not wait for ever')
equal(late.wait(), 1, 'exit status of the late spp_vf')
late.await_line('^spp_vf: ' + GONE)

tell('one that serves says why its primary has ended, and ends when that is started again')
vf.await_line("the primary process has ended, because another process had died inside DPDK's memory")
primary = spp_primary()
equal(vf.wait(), 1, 'exit status of spp_vf')
primary.stop()

tell('under supervisors the panel is back without a person')
log = ctl.mark()
primary = Supervisor('spp_primary', primary_argv())
vf = Supervisor('spp_vf.1', vf_argv())
known(ctl, 1, log)
configure(TWO_PATHS, [(MAC56, 'ring:0'), (MAC58, 'ring:1')])
wanted = configuration()
probe = Probe()
wait_until(probe.passes, 'frames pass')
first, orphan, before = primary.program, vf.program, vf.nb_starts
die_with_the_lock()
equal(first.wait(), 1, 'exit status of spp_primary')
first.await_line(STUCK)
orphan.wait()  # until it has noticed it still forwards
took = probe.await_pass(BACK_MAX_S)
check(took is not None, 'the panel is not back')
equal(configuration(), wanted, 'the configuration')
equal(primary.nb_starts, 2, 'starts of spp_primary')
check(vf.nb_starts > before, 'spp_vf was not started again')
tell(f'back {took:.1f} s after the end of the orphan')
vf.end()
primary.end()
ctl.stop()
