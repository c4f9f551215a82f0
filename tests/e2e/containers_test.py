# SPDX-License-Identifier: BSD-3-Clause
"""Every process in a PID namespace of its own, as in containers: a living secondary is left alone,
a dead one is noticed, and its successor has what it had."""
import time

from panel import (Flow, Program, check, configure, equal, fails, known, primary_argv, rest_ok,
                   spp_ctl, tell, vf_argv)

# DPDK tells the files of secondaries apart by pid, so two of them must not have the same one: what
# stands before the program uses up some pids of its namespace.
NAMESPACE = ['unshare', '--pid', '--fork', '--kill-child', '--mount-proc']


def contained(argv, nb_before=0):
    if nb_before == 0:
        return [*NAMESPACE, *argv]
    return [*NAMESPACE, 'sh', '-c', '/bin/true; ' * nb_before + '"$@"; exit $?', 'sh', *argv]


def start(name, argv, nb_before=0):
    program = Program(name, contained(argv, nb_before))
    program.await_line(f'^{name.partition(".")[0]}: ready')
    return program


def secondaries():
    return {s['client-id']: s['pid'] for s in rest_ok('GET', '/v1/primary/status').json['secondaries']}


ctl = spp_ctl()
primary = start('spp_primary', primary_argv())
seen = primary.mark()
vf1 = start('spp_vf.1', vf_argv(1))
vf2 = start('spp_vf.2', vf_argv(2, lcores='(0,7-9)@(0-1)'), 3)
for client_id in 1, 2:
    known(ctl, client_id)
    primary.await_line(f'spp_vf, client id {client_id}, process .* has joined', seen)

tell('the primary and the first secondary are the first process of their namespace each')
pids = secondaries()
equal(pids[1], 1, 'pid of the first secondary')
check(pids[2] > 1, 'pid of the second secondary')

tell('they live, as far as everybody is concerned')
configure([('fwd', 3, 'forward', ['phy:0'], ['ring:0'])])
configure([('out', 8, 'forward', ['ring:0'], ['phy:1'])], vf=2)
flow = Flow('ens0', 'ens1', 'stream=0')
time.sleep(1)  # ten scans of the primary
equal(secondaries(), pids, 'secondaries')
equal(rest_ok('GET', '/v1/primary/status').json['deaths'], [], 'deaths')
fails(contained(vf_argv(1, lcores='(0,12)@(0-1)'), 6),
      'client id 1 belongs to spp_vf, process 1; end', name='spp_vf')
check(flow.end() > 0, 'no frames')

tell('one is killed: it is noticed, and what it had is taken back')
seen, log = primary.mark(), ctl.mark()
began = time.monotonic()
vf2.kill()
primary.await_line('spp_vf, client id 2, process .* has died: 2 ports, 3 worker cores', seen)
tell(f'noticed after {(time.monotonic() - began) * 1000:.0f} ms')
equal(secondaries(), {1: 1}, 'secondaries')
vf2 = start('spp_vf.2', vf_argv(2, lcores='(0,7-9)@(0-1)'), 5)
ctl.await_line('vf 2: configuration restored', log)
flow = Flow('ens0', 'ens1', 'stream=1')
check(flow.end() > 0, 'no frames')

tell('the primary is killed: they notice')
seen = vf1.mark(), vf2.mark()
primary.kill()
vf1.await_line('the primary process has', seen[0])
vf2.await_line('the primary process has', seen[1])
vf1.kill()
vf2.kill()
ctl.stop()
