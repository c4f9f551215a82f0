#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Floods of connections: honest clients and processes are served beside them, limits hold, the log stays short."""
import os
import resource
import subprocess
import sys
import time

from harness import Case, LIMIT, SPP_CTL, Controller, Vf, main

# A flood: connections to a port as fast as they can be made, until standard input ends.  It says when
# it is well under way, and at its end how many connections it made.
FLOOD = '''
import resource, select, socket, sys
how, port = sys.argv[1], int(sys.argv[2])
held, nb = [], 0
def connect():
    s = socket.socket()
    s.settimeout(30)
    s.connect(('127.0.0.1', port))
    return s
while not select.select([sys.stdin], [], [], 0)[0]:
    try:
        s = connect()
        if how == 'half':
            s.sendall(b'POST /v1/vfs/1/components HTTP/1.1\\r\\nHost: localhost\\r\\nContent-')
        if how == 'storm':
            s.close()
        else:
            held.append(s)
    except OSError:
        pass
    if len(held) > 400:
        held.pop(0).close()
    nb += 1
    if nb == 600:
        print('under way', flush=True)
print(nb, flush=True)
'''

# What the controller may have open: REST connections or those that have not said who they are, and what
# it reserves.
REST_MAX, CONNECTING_MAX, RESERVED = 128, 256, 64
# Lines of the log: so many kinds are limited, each to 50 at once and 5 a second.
KINDS, AT_ONCE, PER_SECOND = 8, 50, 5


class Flood:
    def __init__(self, how, port):
        self.how = how
        self.process = subprocess.Popen([sys.executable, '-c', FLOOD, how, str(port)], text=True,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        assert self.process.stdout.readline() == 'under way\n'

    def stop(self):
        output, _ = self.process.communicate('end\n', LIMIT)
        return int(output)


def nb_descriptors(ctl):
    return len(os.listdir('/proc/%d/fd' % ctl.process.pid))


class FloodCase(Case):
    def flood(self, how, port):
        flood = Flood(how, port)
        self.addCleanup(lambda: flood.process.poll() is None and flood.stop())
        return flood

    def during(self, how, port, honest, times):
        """Do something honest so many times beside a flood; the limits hold, latency is shown."""
        flood, mark, begin = self.flood(how, port), self.ctl.mark(), time.monotonic()
        latency, most = [], 0
        for n in range(times):
            start = time.monotonic()
            honest(n)
            latency.append(time.monotonic() - start)
            most = max(most, nb_descriptors(self.ctl))
        seconds, lines, nb = time.monotonic() - begin, self.ctl.mark() - mark, flood.stop()
        latency.sort()
        print('\n  %s: %d connections beside %d honest turns in %.1f s: median %.1f ms, longest %.1f ms, %d '
              'descriptors, %d lines' % (how, nb, times, seconds, latency[times // 2] * 1e3, latency[-1] * 1e3,
                                         most, lines))
        self.assertLessEqual(most, RESERVED + (REST_MAX if port == self.ctl.rest_port else CONNECTING_MAX))
        self.assertLessEqual(lines, KINDS * (AT_ONCE + PER_SECOND * (seconds + 1)) + 12 * times)

    def get(self, _n=0):
        self.check_json(self.ctl.get('/v1/processes'), [])

    def come(self, client_id):
        """A process that loses its place before it is known comes again, as the real one does."""
        mark = self.ctl.mark()
        while True:
            process = self.connect(Vf(client_id))
            while not process.closed.wait(0.01):
                if any('vf %d replied: ' % client_id in line and '"info"' in line
                       for line in self.ctl.log[mark:]):
                    return process

    def come_and_go(self, n):
        process = self.come(1 + n % 100)
        process.close()
        self.ctl.wait_log('vf %d closed the connection' % (1 + n % 100))


class Rest(FloodCase):
    def test_silent_connections(self):
        self.during('silent', self.ctl.rest_port, self.get, 100)

    def test_half_requests(self):
        self.during('half', self.ctl.rest_port, self.get, 100)

    def test_connections_that_come_and_go(self):
        self.during('storm', self.ctl.rest_port, self.get, 100)

    def test_a_flood_of_one_listener_is_none_of_another(self):
        for port in self.ctl.primary_port, self.ctl.secondary_port:
            for how in 'silent', 'storm':
                self.during(how, port, lambda _n: self.assertEqual(
                    self.ctl.get('/v1/processes').status, 200), 50)


class Processes(FloodCase):
    def test_silent_connections(self):
        self.during('silent', self.ctl.secondary_port, self.come_and_go, 50)

    def test_connections_that_come_and_go(self):
        self.during('storm', self.ctl.secondary_port, self.come_and_go, 50)

    def test_a_process_that_is_there_stays(self):
        self.vf(1)
        primary = self.primary(lambda _command: '{"lcores":[1]}')
        for how in 'silent', 'storm':
            for port in self.ctl.primary_port, self.ctl.secondary_port:
                self.during(how, port, lambda _n: self.assertEqual(self.ctl.get('/v1/vfs/1').status, 200), 20)
        self.check_json(self.ctl.get('/v1/primary/status'), {'lcores': [1]})
        self.assertFalse(primary.closed.is_set())

    def test_newcomers_do_not_keep_a_live_process_busy(self):
        primary = self.primary(lambda _command: '{"lcores":[1]}')
        begin = time.monotonic()
        self.during('silent', self.ctl.primary_port, lambda _n: self.assertEqual(
            self.ctl.get('/v1/processes').status, 200), 200)
        self.assertLessEqual(primary.commands.count('status'), 8 * (2 + time.monotonic() - begin))


class Descriptors(FloodCase):
    def limited(self, limit):
        """A controller that may open so few files."""
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (limit, hard))
        try:
            ctl = Controller()
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        self.controllers.append(ctl)
        return ctl

    def lower(self, nofile):
        subprocess.run(['prlimit', '--pid', str(self.ctl.process.pid), '--nofile=%s' % nofile], check=True)

    def test_a_low_limit_is_raised(self):
        ctl = self.limited(100)
        with open('/proc/%d/limits' % ctl.process.pid, encoding='ascii') as limits:
            soft = [line.split()[3] for line in limits if line.startswith('Max open files')]
        self.assertEqual(soft, ['576'])

    def test_a_limit_that_is_too_low_is_said(self):
        result = subprocess.run(['prlimit', '--nofile=80:80', SPP_CTL, '-p', '0', '-s', '0', '-a', '0'],
                                capture_output=True, text=True, check=False, timeout=LIMIT)
        self.assertEqual((result.returncode, result.stderr),
                         (1, 'spp-ctl: 80 open files are allowed, 96 are needed: raise the limit (ulimit -n, or '
                             'LimitNOFILE of the service)\n'))

    def test_honest_clients_are_served_within_a_low_limit(self):
        class Limited(Controller):
            program = ['prlimit', '--nofile=160:160', SPP_CTL]
        self.ctl = Limited()
        self.controllers.append(self.ctl)
        for how, port in (('silent', self.ctl.rest_port), ('silent', self.ctl.secondary_port)):
            flood, begin, mark = self.flood(how, port), time.monotonic(), self.ctl.mark()
            for _ in range(20):
                self.get()
                self.assertLess(nb_descriptors(self.ctl), 160)
            flood.stop()
            lines = self.ctl.mark() - mark
            self.assertLessEqual(lines, KINDS * (AT_ONCE + PER_SECOND * (time.monotonic() - begin + 1)) + 60)
        self.vf(1)
        self.assertEqual([line for line in self.ctl.log if 'cannot accept' in line], [])

    def test_exhaustion_while_it_runs(self):
        self.vf(1)
        self.lower('%d:' % (nb_descriptors(self.ctl) + 1))
        # The last descriptor is for one client at a time; idle ones make room for others.
        self.during('silent', self.ctl.rest_port,
                    lambda _n: self.assertEqual(self.ctl.get('/v1/vfs/1').status, 200), 20)
        self.during('storm', self.ctl.secondary_port,
                    lambda _n: self.assertEqual(self.ctl.get('/v1/vfs/1').status, 200), 20)
        self.ctl.wait_log('REST clients on 127.0.0.1 port %d: cannot accept: Too many open files'
                          % self.ctl.rest_port)


if __name__ == '__main__':
    main()
