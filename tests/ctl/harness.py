# SPDX-License-Identifier: BSD-3-Clause
"""A real spp-ctl on ports of the kernel's choice, and stand-ins for the processes of the panel."""
import http.client
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import unittest

SPP_CTL = os.environ.get('SPP_CTL', 'spp-ctl')
LIMIT = 30  # seconds; only ever reached by a failing test

SUCCESS = '{"results":[{"result":"success"}]}'


def error(message):
    return json.dumps({'results': [{'result': 'error', 'error_details': {'message': message}}]})


def note(text):
    return json.dumps({'results': [{'result': 'success', 'note': text}]})


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def text(self):
        return self.body.decode()


class Controller:
    """spp-ctl with its log; the log is what tests wait for."""

    program = [SPP_CTL]

    def __init__(self, *options):
        # The default socket is the machine's, and several tests run at a time.
        if not any(option.startswith('--socket') for option in options):
            options = (*options, '--no-socket')
        self.process = subprocess.Popen(
            [*self.program, '-p', '0', '-s', '0', '-a', '0', *options],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        self.log, self.changed = [], threading.Condition()
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()
        self.primary_port = self._port('the primary')
        self.secondary_port = self._port('secondaries')
        self.rest_port = self._port('REST clients')

    def _read(self):
        for line in self.process.stderr:
            with self.changed:
                self.log.append(line.rstrip('\n'))
                self.changed.notify_all()
        with self.changed:
            self.log.append('END OF LOG')
            self.changed.notify_all()

    def _port(self, whom):
        return int(self.wait_log('listening for %s on 127.0.0.1 port (\\d+)' % whom).group(1))

    def mark(self):
        """A place in the log, to wait for what comes after it."""
        with self.changed:
            return len(self.log)

    def wait_log(self, pattern, since=0):
        def find():
            for line in self.log[since:]:
                match = re.search(pattern, line)
                if match:
                    return match
            return None
        with self.changed:
            self.changed.wait_for(lambda: find() or self.log[-1:] == ['END OF LOG'], LIMIT)
            match = find()
            if match is None:
                raise AssertionError('no %r in the log:\n%s' % (pattern, '\n'.join(self.log)))
            return match

    def request(self, method, path, body=None, headers=None):
        if isinstance(body, (dict, list)):
            body = json.dumps(body)
        connection = http.client.HTTPConnection('127.0.0.1', self.rest_port, timeout=LIMIT)
        try:
            connection.request(method, path, body, headers or {})
            answer = connection.getresponse()
            return Answer(answer.status, answer.headers, answer.read())
        finally:
            connection.close()

    def get(self, path):
        return self.request('GET', path)

    def raw(self, data):
        """Send bytes, return everything until the controller closes."""
        with socket.create_connection(('127.0.0.1', self.rest_port), timeout=LIMIT) as s:
            s.sendall(data)
            return read_all(s)

    def stop(self, how=signal.SIGTERM):
        self.process.send_signal(how)
        status = self.process.wait(LIMIT)
        self.reader.join(LIMIT)
        self.process.stderr.close()
        return status


def read_all(s):
    data = b''
    while True:
        try:
            piece = s.recv(65536)
        except ConnectionResetError:
            return data
        if not piece:
            return data
        data += piece


class Process:
    """A stand-in: connects, answers what `answers` says, and remembers the commands it got.

    answers(command) returns the reply as text or bytes, None for silence, or a list of pieces that
    are sent one by one, each when `more` is released."""

    def __init__(self, port, answers, framing=True):
        self.answers, self.framing = answers, framing
        self.commands, self.changed = [], threading.Condition()
        self.more = threading.Semaphore(0)
        self.socket = socket.create_connection(('127.0.0.1', port), timeout=LIMIT)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.settimeout(None)
        self.closed = threading.Event()
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()

    def _run(self):
        buffer = b''
        try:
            while True:
                data = self.socket.recv(65536)
                if not data:
                    break
                buffer += data
                while b'\n' in buffer:
                    line, buffer = buffer.split(b'\n', 1)
                    self._command(line.decode())
                if buffer and (not self.framing or buffer == b'_get_client_id'):
                    line, buffer = buffer, b''
                    self._command(line.decode())
        except OSError:
            pass
        self.closed.set()

    def _command(self, command):
        with self.changed:
            self.commands.append(command)
            self.changed.notify_all()
        reply = self.answers(command)
        if reply is None:
            return
        if isinstance(reply, str):
            reply = (reply + '\n').encode()
        if isinstance(reply, bytes):
            self.socket.sendall(reply)
            return
        for i, piece in enumerate(reply):
            if i > 0 and not self.more.acquire(timeout=LIMIT):
                return
            self.socket.sendall(piece)

    def wait_command(self, command):
        with self.changed:
            if not self.changed.wait_for(lambda: command in self.commands, LIMIT):
                raise AssertionError('no command %r in %r' % (command, self.commands))

    def wait_closed(self):
        if not self.closed.wait(LIMIT):
            raise AssertionError('the connection was not closed')

    def close(self):
        try:
            self.socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self.socket.close()
        self.thread.join(LIMIT)


class Vf:
    """Answers of an spp_vf (or spp_mirror) that keeps what it is told, far enough for a status.
    A command in `refuse` gets the answer that stands there instead."""

    def __init__(self, client_id, process_type='vf', cores=(3, 4), framing=True, refuse=None):
        self.client_id, self.type, self.cores = client_id, process_type, cores
        self.framing, self.refuse = framing, refuse if refuse is not None else {}
        self.components, self.entries = {}, []

    def __call__(self, command):
        words = command.split(' ')
        if command in self.refuse:
            reply = self.refuse[command]
            return reply(command) if callable(reply) else reply
        if command == '_get_client_id':
            hello = {'results': [{'result': 'success'}], 'client_id': self.client_id,
                     'process_type': self.type}
            if self.framing:
                hello['framing'] = 'lf'
            return json.dumps(hello)
        if command == 'status':
            return json.dumps({'results': [{'result': 'success'}], 'info': self.info()})
        method = getattr(self, '_' + '_'.join(words[:2]), None) or getattr(self, '_' + words[0], None)
        return error('Invalid value (command): ' + words[0]) if method is None else method(words)

    def info(self):
        core, busy = [], set()
        for name, c in self.components.items():
            busy.add(c['core'])
            core.append({'core': c['core'], 'name': name, 'type': c['type'],
                         'rx_port': self._ports(c['rx']), 'tx_port': self._ports(c['tx'])})
        core += [{'core': n, 'name': '', 'type': 'unuse', 'rx_port': [], 'tx_port': []}
                 for n in self.cores if n not in busy]
        info = {'client-id': self.client_id, 'phy': ['0', '1'], 'vhost': [], 'ring': [],
                'master-lcore': 2, 'core': core}
        used = {p for c in self.components.values() for p in [*c['rx'], *c['tx']]}
        for port in sorted(used):
            kind, number = port.split(':')
            if kind != 'phy':
                info[kind].append(number)
        if self.type == 'vf':
            info['classifier_table'] = [self._entry(*e) for e in self.entries]
        return info

    @staticmethod
    def _ports(ports):
        none = {'operation': 'none', 'id': 0, 'pcp': 0}
        result = []
        for port, words in ports.items():
            vlan = dict(none)
            if words[:1] == ['add_vlantag']:
                vlan = {'operation': 'add', 'id': int(words[1]), 'pcp': int(words[2])}
            elif words:
                vlan = {'operation': 'del', 'id': 0, 'pcp': 0}
            result.append({'port': port.replace('nq', ' nq '), 'vlan': vlan})
        return result

    @staticmethod
    def _entry(kind, value, port):
        mac = value if kind == 'mac' else value.split(' ')[1]
        mac = mac if mac == 'default' else mac.upper()
        return {'type': kind, 'port': port.replace('nq', ' nq '),
                'value': mac if kind == 'mac' else value.split(' ')[0] + '/' + mac}

    def _component_start(self, words):
        name, core, kind = words[2:5]
        if name in self.components:
            return note("component '%s' runs already" % name)
        self.components[name] = {'core': int(core), 'type': kind, 'rx': {}, 'tx': {}}
        return SUCCESS

    def _component_stop(self, words):
        if words[2] not in self.components:
            return note("no component '%s' to stop" % words[2])
        gone = self.components.pop(words[2])
        self.entries = [e for e in self.entries if e[2] not in gone['tx']]
        return SUCCESS

    def _port_add(self, words):
        if words[4] not in self.components:
            return error("Invalid value (component name): no component '%s'" % words[4])
        self.components[words[4]][words[3]][words[2]] = words[5:]
        return SUCCESS

    def _port_del(self, words):
        if self.components.get(words[4], {}).get(words[3], {}).pop(words[2], None) is None:
            return note('%s is not attached' % words[2])
        return SUCCESS

    def _classifier_table(self, words):
        entry = (words[2], ' '.join(words[3:-1]), words[-1])
        if words[1] == 'add':
            if not any(words[-1] in c['tx'] for c in self.components.values()):
                return error('Invalid value (port): %s is tx of no classifier' % words[-1])
            self.entries.append(entry)
        else:
            self.entries.remove(entry)
        return SUCCESS

    @staticmethod
    def _exit(_words):
        return SUCCESS


class PagedVf(Vf):
    """An spp_vf that gives its table in pages; `nb` entries come before those it is told."""

    def __init__(self, client_id, nb=0, **kwargs):
        super().__init__(client_id, **kwargs)
        self.nb = nb
        if nb > 0:
            self('component start cls 3 classifier')
            self('port add ring:0 tx cls')

    def __call__(self, command):
        words = command.split(' ')
        if command in self.refuse:
            return super().__call__(command)
        if command == '_get_client_id':
            return json.dumps({**json.loads(super().__call__(command)), 'status': 'pages'})
        if command == 'status brief':
            info = self.info()
            del info['classifier_table']
            return self._status({**info, 'tables': {'classifier_table': {'total': self.total()}}})
        if words[0] == 'status' and len(words) == 6:
            return self._page(words[3], int(words[5]))
        return super().__call__(command)

    @staticmethod
    def _status(info):
        return json.dumps({'results': [{'result': 'success'}], 'info': info})

    def total(self):
        return self.nb + len(self.entries)

    def entry(self, i):
        if i >= self.nb:
            return self._entry(*self.entries[i - self.nb])
        return {'type': 'mac', 'port': 'ring:0',
                'value': '02:00:00:%02X:%02X:%02X' % (i >> 16, i >> 8 & 255, i & 255)}

    def _page(self, place, most):
        first = int(place[1:] if place[0] == '@' else place)
        end = min(first + most, self.total())
        table = {'total': self.total()}
        if end < self.total():
            table['next'] = '@%d' % end
        return self._status({'classifier_table': [self.entry(i) for i in range(first, end)],
                             'tables': {'classifier_table': table}})


class Teller(Vf):
    """An spp_vf with idle policies and a plugin whose verb limits components."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.idle, self.limits = {}, {}

    def lines(self):
        before = ['idle %s %s' % i for i in self.idle.items()]
        after = {name: ['limit %s %s' % (name, rate)] for name, rate in self.limits.items()}
        return before, after

    def __call__(self, command):
        old_before, old_after = self.lines()
        reply = super().__call__(command)
        before, after = self.lines()
        flat, old = sum(after.values(), before), sum(old_after.values(), old_before)
        told = {'before': [line for line in before if line not in old],
                'after': {name: [line for line in lines if line not in old]
                          for name, lines in after.items()},
                'gone': [line for line in old if line not in flat]}
        told['after'] = {name: lines for name, lines in told['after'].items() if lines}
        told = {key: value for key, value in told.items() if value}
        if told and reply is not None:
            reply = json.dumps({**json.loads(reply), 'configured': told})
        return reply

    def info(self):
        before, after = self.lines()
        return {**super().info(), 'configured': {'before': before, 'after': after}}

    def _idle(self, words):
        if words[1] not in ('3', '4'):
            return error('Invalid value (core): core %s is no worker' % words[1])
        self.idle[words[1]] = words[2]
        return SUCCESS

    def _limit(self, words):
        if words[1] not in self.components:
            return error("Invalid value (component name): there is no '%s'" % words[1])
        if words[2] == 'off':
            self.limits.pop(words[1], None)
        else:
            self.limits[words[1]] = words[2]
        return SUCCESS

    def _component_stop(self, words):
        self.limits.pop(words[2], None)
        return super()._component_stop(words)


class Case(unittest.TestCase):
    """Starts a controller unless a test does so itself, and clears everything away."""

    options = ()
    maxDiff = None

    def setUp(self):
        self.controllers, self.processes = [], []
        self.ctl = self.start(*self.options)

    def tearDown(self):
        for process in self.processes:
            process.close()
        for ctl in self.controllers:
            if ctl.process.poll() is None:
                self.assertEqual(ctl.stop(), 0, '\n'.join(ctl.log))

    def start(self, *options):
        ctl = Controller(*options)
        self.controllers.append(ctl)
        return ctl

    def directory(self):
        path = tempfile.mkdtemp(prefix='spp-ctl-test-')
        self.addCleanup(shutil.rmtree, path)
        return path

    def connect(self, answers, ctl=None, port=None, framing=True):
        process = Process(port or (ctl or self.ctl).secondary_port, answers, framing)
        self.processes.append(process)
        return process

    def vf(self, client_id=1, ctl=None, answers=None, **kwargs):
        """Connect an spp_vf and wait until the controller has read its status."""
        ctl = ctl or self.ctl
        answers = answers or Vf(client_id, **kwargs)
        mark = ctl.mark()
        process = self.connect(answers, ctl, framing=answers.framing)
        ctl.wait_log('%s %d: connected' % (answers.type, client_id), mark)
        if answers.type in ('vf', 'mirror'):
            ctl.wait_log('%s %d replied: .*"info"' % (answers.type, client_id), mark)
        process.model = answers
        return process

    def primary(self, answers, ctl=None):
        ctl = ctl or self.ctl
        mark = ctl.mark()
        process = self.connect(answers, port=ctl.primary_port)
        ctl.wait_log('primary: connected', mark)
        return process

    def check_error(self, answer, status, body):
        self.assertEqual((answer.status, answer.text), (status, body))
        self.assertEqual(answer.headers['Content-Type'], 'text/plain')
        self.assertEqual(answer.headers['Content-Length'], str(len(body)))

    def check_empty(self, answer, note_text=None):
        self.assertEqual((answer.status, answer.body), (204, b''), answer.text)
        self.assertEqual(answer.headers['Content-Length'], '0')
        self.assertEqual(answer.headers['X-SPP-Note'], note_text)

    def check_json(self, answer, value):
        self.assertEqual(answer.status, 200, answer.text)
        self.assertEqual(answer.headers['Content-Type'], 'application/json')
        self.assertEqual(answer.headers['Content-Length'], str(len(answer.body)))
        self.assertEqual(answer.json, value)


def main():
    unittest.main(verbosity=2)
