# SPDX-License-Identifier: BSD-3-Clause
"""Sixteen secondaries at once; one that hangs disturbs nobody."""
import signal
import threading

from panel import (Flow, ask, check, component, equal, known, port, processes, rest, rest_ok, spp,
                   spp_ctl, spp_primary, spp_vf, tell, wait_until)

NB = 16
HUNG = 5
FIRST_CORE = 20

ctl = spp_ctl()
primary = spp_primary(rings=NB, options=('--mbufs', '8192'))


def start(client_id, started):
    """The main core is the same for all, as in existing installations; the worker is its own."""
    started[client_id] = spp_vf(client_id, lcores=f'(2,{FIRST_CORE + client_id})@(0-1)')


tell('all start at the same time')
vfs = {}
threads = [threading.Thread(target=start, args=(n, vfs)) for n in range(1, NB + 1)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
equal(len(vfs), NB, 'secondaries that are ready')
for n in vfs:
    known(ctl, n)
everybody = [{'type': 'primary'}] + [{'type': 'vf', 'client-id': n} for n in vfs]
equal(sorted(processes(), key=str), sorted(everybody, key=str), 'processes')

tell('a chain through all of them')
for n in vfs:
    component(f'fwd{n}', FIRST_CORE + n, 'forward', vf=n)
    port('phy:0' if n == 1 else f'ring:{n - 2}', 'rx', f'fwd{n}', vf=n)
    port('phy:1' if n == NB else f'ring:{n - 1}', 'tx', f'fwd{n}', vf=n)
flow = Flow('ens0', 'ens1', 'stream=0')

for n in vfs:
    status = rest_ok('GET', f'/v1/vfs/{n}').json
    equal([(c['core'], c['name']) for c in status['components']], [(FIRST_CORE + n, f'fwd{n}')],
          f'components of {n}')
    equal(ask(f'spp_vf.{n}', '_get_client_id')['client_id'], n, f'socket of {n}')
secondaries = rest_ok('GET', '/v1/primary/status').json['secondaries']
equal({s['client-id']: s['pid'] for s in secondaries}, {n: vf.pid for n, vf in vfs.items()},
      'secondaries of the primary')
listed = [line.split() for line in spp('status')[1][-NB:]]
equal([number for number, _ in listed], [f'{n}:' for n in range(1, NB + 1)], 'numbers in status')
equal({name for _, name in listed}, {f'vf:{n}' for n in vfs}, 'processes in status')
check(flow.end() > 0, 'no frames')

tell('one hangs: the list and the others answer while a request to it waits')
vfs[HUNG].send(signal.SIGSTOP)
answers = []
waiting = threading.Thread(target=lambda: answers.append(rest('GET', f'/v1/vfs/{HUNG}')))
mark = ctl.mark()
waiting.start()
ctl.await_line(f'vf {HUNG}: status', mark)
equal(len(processes()), NB + 1, 'number of processes')
for n in vfs:
    if n != HUNG:
        rest_ok('GET', f'/v1/vfs/{n}')
equal(answers, [], 'the answer of the one that hangs')
waiting.join(60)
check(answers and answers[0].status == 500 and f'vf {HUNG}' in answers[0].text,
      f'the answer: {answers and answers[0].text}')

tell('it wakes up and is known again')
mark = ctl.mark()
vfs[HUNG].send(signal.SIGCONT)
known(ctl, HUNG, mark)
equal(len(processes()), NB + 1, 'number of processes')
flow = Flow('ens0', 'ens1', 'stream=0')
check(flow.end() > 0, 'no frames')

tell('all end at one word')
status, lines = spp('bye sec')
equal((status, lines[0], sorted(lines[1:])),
      (0, 'Closing secondary ...', sorted(f'Exit vf {n}.' for n in vfs)), 'printed')
for vf in vfs.values():
    equal(vf.wait(), 0, f'exit status of {vf.name}')
wait_until(lambda: processes() == [{'type': 'primary'}], 'only the primary is left')
equal(rest_ok('GET', '/v1/primary/status').json['deaths'], [], 'deaths')
primary.stop()
ctl.stop()
