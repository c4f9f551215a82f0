# SPDX-License-Identifier: BSD-3-Clause
"""kill -9 of a secondary under traffic, twenty times: a new one starts at once and gets the
configuration back, and the other secondary loses not one frame."""
import select
import sys
import threading

from panel import (FRAMES, Flow, Frames, ask, check, component, configuration, configure, equal,
                   known, links_up, mbufs_in_use, matches, rest_ok, spp_ctl, spp_primary, spp_vf,
                   tell)

sys.path.insert(0, FRAMES.rpartition('/')[0])
import frames  # noqa: E402  (found by the line above)

KILLS = 20
# What a death may cost in packet buffers: for each worker a burst in its hands and what is in its
# cache of the pool; a repaired ring end, a burst.
LOST_MAX = 4 * (32 + 96) + 32

FIRST = [('cls', 3, 'classifier', ['phy:0'], ['ring:0', 'ring:1']),
         ('fwd1', 4, 'forward', ['ring:0'], ['ring:2']),
         ('fwd2', 5, 'forward', ['ring:1'], ['ring:3']),
         ('mgr', 6, 'merge', ['ring:2', 'ring:3'], ['phy:1'])]
ENTRIES = [('52:54:00:12:34:56', 'ring:0'), ('52:54:00:12:34:58', 'ring:1')]
SECOND = [('in', 8, 'forward', ['phy:2'], ['ring:4']),
          ('out', 9, 'forward', ['ring:4'], ['phy:3'])]


class Rain(threading.Thread):
    """Frames into ens0 all the time, whether or not they come out of ens1."""

    def __init__(self):
        super().__init__(daemon=True)
        links_up('ens0', 'ens1')
        self.source, self.sink = frames.open_interface('ens0'), frames.open_interface('ens1')
        specs = [frames.Spec(f'to={mac},stream={n}') for n, (mac, _) in enumerate(ENTRIES)]
        self.frames = [spec.frame(n) for n in range(16) for spec in specs]
        self.nb_arrived, self.has_arrived, self.is_over = 0, threading.Condition(), False
        self.start()

    def run(self):
        while not self.is_over:
            for frame in self.frames:
                frames.send(self.source, frame)
            if select.select([self.sink], [], [], 0.01)[0]:
                nb = len(list(frames.receive(self.sink)))
                with self.has_arrived:
                    self.nb_arrived += nb
                    self.has_arrived.notify_all()

    def await_more(self, nb=2000):
        with self.has_arrived:
            target = self.nb_arrived + nb
            check(self.has_arrived.wait_for(lambda: self.nb_arrived >= target, 60),
                  'no frames arrive on ens1')

    def end(self):
        self.is_over = True
        self.join()
        self.source.close()
        self.sink.close()


def primary_status():
    return rest_ok('GET', '/v1/primary/status').json


def await_quiet():
    """Frames do not overtake each other: behind these, the first secondary's rings are empty."""
    talk = Frames('ens0', 'ens1')
    last = [f'to={mac},stream={200 + n}' for n, (mac, _) in enumerate(ENTRIES)]
    talk.send('ens0', *last)
    talk.expect('ens1', *last)
    talk.close()


ctl = spp_ctl()
primary = spp_primary(taps=4, mask='0xf')
vf1 = spp_vf(1)
vf2 = spp_vf(2, lcores='(7-9)@(0-1)')
known(ctl, 1)
known(ctl, 2)
configure(FIRST, ENTRIES)
configure(SECOND, vf=2)
wanted = configuration()
in_use = mbufs_in_use()
flow = Flow('ens2', 'ens3', 'stream=100', 'stream=101')
rain = Rain()
rain.await_more()

tell('kill -9 and start again, under traffic')
for n in range(1, KILLS + 1):
    log, seen = ctl.mark(), primary.mark()
    pid = vf1.pid
    vf1.kill()
    vf1 = spp_vf(1)
    primary.await_line(f'spp_vf, client id 1, process {pid} has died: 10 ports, 4 worker cores '
                       'taken back', seen)
    ctl.await_line('vf 1: configuration restored', log)
    equal(configuration(), wanted, f'configuration after kill {n}')
    rain.await_more()
    check(flow.is_intact(), f'the other secondary lost frames at kill {n}')
rain.end()

tell('the primary names the deaths, the newest last')
deaths = primary_status()['deaths']
equal(len(deaths), 8, 'deaths kept')
matches(deaths[-1], f'^spp_vf, client id 1, process {pid} has died', 'the last death')
secondaries = {s['client-id']: s['pid'] for s in primary_status()['secondaries']}
equal(secondaries, {1: vf1.pid, 2: vf2.pid}, 'secondaries that live')

tell('the other secondary has not lost a frame')
nb = flow.end()
check(nb > 1000, f'only {nb} frames')
await_quiet()
lost = mbufs_in_use() - in_use
tell(f'{nb} frames of the other; {lost / KILLS:.1f} packet buffers lost per kill')
check(lost <= KILLS * LOST_MAX, f'{lost} packet buffers are lost')

tell('what a dead process held can be had by another')
seen = primary.mark()
vf1.kill()
primary.await_line('client id 1, .* has died', seen)
component('again', 9, 'forward', vf=2)
for uid, direction in ('ring:0', 'rx'), ('ring:3', 'tx'):
    rest_ok('PUT', '/v1/vfs/2/components/again/ports',
            {'action': 'attach', 'port': uid, 'dir': direction})
    rest_ok('PUT', '/v1/vfs/2/components/again/ports',
            {'action': 'detach', 'port': uid, 'dir': direction})
for uid, direction in ('phy:0', 'rx'), ('phy:1', 'tx'):
    rest_ok('PUT', '/v1/vfs/2/components/again/ports',
            {'action': 'attach', 'port': uid, 'dir': direction})
talk = Frames('ens0', 'ens1')
talk.send('ens0', 'stream=300,count=100')
talk.expect('ens1', 'stream=300,count=100')
talk.close()
equal(ask('spp_vf.2', 'status')['results'][0]['result'], 'success', 'reply of the other')
vf2.stop()
primary.stop()
ctl.stop()
