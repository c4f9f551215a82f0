# SPDX-License-Identifier: BSD-3-Clause
"""The whole panel as processes: spp-ctl, spp_primary, spp_vf, spp, and frames on TAP interfaces.

A test is a script that run_test.sh starts: it prints what it shows, and ends with an exception,
whose text and place are printed, when that is not so."""
import http.client
import json
import os
import pty
import re
import select
import shutil
import signal
import socket
import struct
import subprocess
import sys
import termios
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
FRAMES = os.path.join(HERE, '..', 'smoke', 'frames.py')
RECIPES = os.path.join(HERE, '..', '..', 'recipes')
TMP = os.environ['E2E_TMP']
HUGE_DIR = os.path.join(TMP, 'huge')
LIMIT = 60  # seconds; only ever reached by a failing test

MAC56, MAC58, MAC99 = '52:54:00:12:34:56', '52:54:00:12:34:58', '52:54:00:12:34:99'
BROADCAST = 'ff:ff:ff:ff:ff:ff'


class Wrong(Exception):
    """The panel does not do what the test shows."""


def tell(text):
    print('- ' + text, flush=True)


def skip(reason):
    print('SKIP: ' + reason, flush=True)
    sys.exit(77)


def need(*tools):
    for tool in tools:
        if shutil.which(tool) is None:
            skip(tool + ' is not installed')


def check(condition, text):
    if not condition:
        raise Wrong(text)


def equal(got, wanted, what):
    if got != wanted:
        raise Wrong(f'{what}\n  is:        {got!r}\n  should be: {wanted!r}')


def matches(text, pattern, what):
    if not re.search(pattern, text):
        raise Wrong(f'{what}: no {pattern!r} in {text!r}')


def wait_until(condition, what):
    """For what offers no event."""
    deadline = time.monotonic() + LIMIT
    while not condition():
        check(time.monotonic() < deadline, f'never happened: {what}')
        time.sleep(0.02)


def run(*argv, **kwargs):
    """Run a tool that must succeed; returns its output."""
    done = subprocess.run(argv, capture_output=True, text=True, timeout=LIMIT, **kwargs)
    check(done.returncode == 0, f'{argv} ended with {done.returncode}: {done.stderr}')
    return done.stdout


# Programs

class Program:
    """A running program.  Its output is a log, and the log is what tests wait for."""

    def __init__(self, name, argv):
        self.name, self.argv = name, argv
        self.lines, self.changed, self.ended = [], threading.Condition(), False
        self.process = subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                        stderr=subprocess.STDOUT, text=True, errors='replace')
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self):
        with open(os.path.join(TMP, self.name + '.log'), 'a', encoding='utf-8') as log:
            for line in self.process.stdout:
                log.write(line)
                log.flush()
                with self.changed:
                    self.lines.append(line.rstrip('\n'))
                    self.changed.notify_all()
        with self.changed:
            self.ended = True
            self.changed.notify_all()

    @property
    def pid(self):
        return self.process.pid

    def mark(self):
        """A place in the log, to wait for what comes after it."""
        with self.changed:
            return len(self.lines)

    def find(self, pattern, since=0):
        with self.changed:
            return next(filter(None, (re.search(pattern, l) for l in self.lines[since:])), None)

    def await_line(self, pattern, since=0):
        def find():
            return next(filter(None, (re.search(pattern, l) for l in self.lines[since:])), None)
        with self.changed:
            self.changed.wait_for(lambda: find() or self.ended, LIMIT)
            found = find()
            check(found, f'{self.name}: no {pattern!r} in its log' +
                  (', it has ended' if self.ended else ''))
            return found

    def send(self, number):
        self.process.send_signal(number)

    def wait(self):
        """Wait for the end; returns the exit status."""
        try:
            status = self.process.wait(LIMIT)
        except subprocess.TimeoutExpired:
            raise Wrong(f'{self.name} does not end') from None
        self.reader.join(LIMIT)
        return status

    def kill(self):
        self.send(signal.SIGKILL)
        self.wait()

    def stop(self, number=signal.SIGTERM):
        self.send(number)
        equal(self.wait(), 0, f'exit status of {self.name}')


def program(variable):
    path = os.environ[variable]
    if not os.access(path, os.X_OK):
        skip(f'{path} is not built')
    return path


def spp_ctl(*options):
    ctl = Program('spp-ctl', [program('SPP_CTL'), '-b', '--no-socket', *options])
    ctl.await_line('listening for REST clients')
    return ctl


def primary_argv(taps=2, mask='0x03', rings=10, eal=(), options=(), plugins=()):
    """As in the users' document, where the machine has two NICs and memory for two sockets."""
    vdevs = [word for n in range(taps) for word in ('--vdev', f'net_tap{n},iface=ens{n}')]
    return [program('SPP_PRIMARY'), '-l', '1', '-n', '4', '--socket-mem', '64',
            '--huge-dir=' + HUGE_DIR, '--proc-type=primary', '--no-pci', *vdevs, *eal, '--',
            '-p', mask, '-n', str(rings), '-s', *plugins, *options]


def vf_argv(client_id=1, lcores='(2-6)@(0-1)', eal=(), options=(), plugins=()):
    return [program('SPP_VF'), '--lcores', lcores, '-n', '4', '--proc-type=secondary', '--no-pci',
            '--huge-dir=' + HUGE_DIR, *eal, '--', '--client-id', str(client_id), '-s',
            *plugins, *options]


def spp_primary(**kwargs):
    primary = Program('spp_primary', primary_argv(**kwargs))
    primary.await_line('^spp_primary: ready')
    return primary


def spp_vf(client_id=1, **kwargs):
    vf = Program(f'spp_vf.{client_id}', vf_argv(client_id, **kwargs))
    vf.await_line('^spp_vf: ready')
    return vf


def known(ctl, client_id, since=0):
    """Wait until the controller knows the process and what it has."""
    ctl.await_line(f'vf {client_id}: connected', since)
    ctl.await_line(f'vf {client_id} replied: .*"info"', since)


def fails(argv, pattern, name=None):
    """The program must end by itself with a failure, and with one sentence on stderr that matches.  Returns the other
    lines there, except the log's."""
    done = subprocess.run(argv, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                          stderr=subprocess.PIPE, text=True, timeout=LIMIT)
    name = name or os.path.basename(argv[0])
    check(done.returncode not in (0, None) and done.returncode > 0,
          f'{name} ended with {done.returncode}: {done.stderr}')
    lines = done.stderr.splitlines()
    own = [line for line in lines if line.startswith(name + ': ')]
    equal(len(own), 1, f'number of sentences of {name} in\n{done.stderr}')
    matches(own[0], pattern, 'the sentence')
    return [line for line in lines if line not in own and not line.startswith('spp.')]


# REST

class Answer:
    def __init__(self, status, text, note=None):
        self.status, self.text, self.note = status, text, note

    @property
    def json(self):
        return json.loads(self.text)


def rest(method, path, body=None):
    connection = http.client.HTTPConnection('127.0.0.1', 7777, timeout=LIMIT)
    try:
        connection.request(method, path, None if body is None else json.dumps(body))
        answer = connection.getresponse()
        return Answer(answer.status, answer.read().decode(), answer.headers['X-SPP-Note'])
    finally:
        connection.close()


def rest_ok(method, path, body=None):
    answer = rest(method, path, body)
    check(answer.status in (200, 204), f'{method} {path} {body}: {answer.status} {answer.text}')
    return answer


def processes():
    return rest_ok('GET', '/v1/processes').json


def component(name, core, kind, vf=1):
    rest_ok('POST', f'/v1/vfs/{vf}/components', {'name': name, 'core': core, 'type': kind})


def port(uid, direction, name, vf=1, action='attach'):
    rest_ok('PUT', f'/v1/vfs/{vf}/components/{name}/ports',
            {'action': action, 'port': uid, 'dir': direction})


def table(mac, uid, vf=1, action='add'):
    rest_ok('PUT', f'/v1/vfs/{vf}/classifier_table',
            {'action': action, 'type': 'mac', 'mac_address': mac, 'port': uid})


TWO_PATHS = [('cls', 3, 'classifier', ['phy:0'], ['ring:0', 'ring:1']),
             ('fwd1', 4, 'forward', ['ring:0'], ['ring:2']),
             ('fwd2', 5, 'forward', ['ring:1'], ['ring:3']),
             ('mgr', 6, 'merge', ['ring:2', 'ring:3'], ['phy:1'])]


def configure(components, entries=(), vf=1):
    for name, core, kind, rx, tx in components:
        component(name, core, kind, vf)
        for uid in rx:
            port(uid, 'rx', name, vf)
        for uid in tx:
            port(uid, 'tx', name, vf)
    for mac, uid in entries:
        table(mac, uid, vf)


def without_counters(status):
    """The documented part of the status of a vf: what it has been told, nothing that counts."""
    def ports(entries):
        return [{'port': e['port'], 'vlan': e['vlan']} for e in entries]
    components = [{'core': c['core'], 'name': c['name'], 'type': c['type'],
                   'rx_port': ports(c['rx_port']), 'tx_port': ports(c['tx_port'])}
                  for c in status['components']]
    keys = ('client-id', 'ports', 'master-lcore', 'classifier_table')
    return {**{key: status[key] for key in keys}, 'components': components}


def configuration(vf=1):
    return without_counters(rest_ok('GET', f'/v1/vfs/{vf}').json)


# The socket of a process

def ask(name, command):
    """Send one command to the socket of `spp_vf.1` and the like; returns the reply."""
    with socket.socket(socket.AF_UNIX) as link:
        link.settimeout(LIMIT)
        link.connect(f'/run/spp/{name}.sock')
        link.sendall(command.encode() + b'\n')
        return json.loads(link.makefile().readline())


def ask_message(name, command):
    """The message of a refusal; None for success."""
    result = ask(name, command)['results'][0]
    return result['error_details']['message'] if result['result'] == 'error' else None


def mbufs_in_use():
    return rest_ok('GET', '/v1/primary/status').json['mbufs']['in_use']


# The command line

PROMPT = 'spp > '
ESCAPES = re.compile(r'\x1b\[[0-9;?]*[A-Za-z]|\x1b[=>]|\r')


def spp(*words):
    """Commands in one go; returns exit status and lines."""
    argv = [program('SPP'), '-b']
    for word in words:
        argv += ['-c', word]
    done = subprocess.run(argv, stdin=subprocess.DEVNULL, capture_output=True, text=True,
                          timeout=LIMIT)
    return done.returncode, (done.stdout + done.stderr).splitlines()


class Terminal:
    """spp on a terminal, as a person uses it."""

    def __init__(self, *options):
        self.master, slave = pty.openpty()
        size = struct.pack('HHHH', 50, 400, 0, 0)
        termios.tcsetwinsize(slave, struct.unpack('HHHH', size)[:2])
        self.process = subprocess.Popen([program('SPP'), *options], stdin=slave, stdout=slave,
                                        stderr=slave, start_new_session=True,
                                        env={**os.environ, 'TERM': 'vt100'})
        os.close(slave)
        self.welcome = self._read_prompt()

    def _read(self, is_complete):
        text, deadline = '', time.monotonic() + LIMIT
        while not is_complete(text):
            ready, _, _ = select.select([self.master], [], [], deadline - time.monotonic())
            check(ready, f'spp prints nothing more after {text!r}')
            try:
                piece = os.read(self.master, 65536)
            except OSError:
                piece = b''
            if not piece:
                return text
            text += ESCAPES.sub('', piece.decode())
        return text

    def _read_prompt(self):
        text = self._read(lambda text: text.endswith('\n' + PROMPT))
        check(text.endswith(PROMPT), f'spp has ended: {text!r}')
        return text[:-len(PROMPT)].splitlines()

    def _type(self, line):
        os.write(self.master, line.encode() + b'\n')

    def line(self, line):
        """Type a line; returns what is printed below it."""
        self._type(line)
        echo, *printed = self._read_prompt()
        check(echo.endswith(line), f'{line!r} is echoed as {echo!r}')
        return printed

    def last_line(self, line):
        """Type the line that ends the program; returns what is printed."""
        self._type(line)
        printed = self._read(lambda text: False).splitlines()[1:]
        equal(self.process.wait(LIMIT), 0, 'exit status of spp')
        os.close(self.master)
        return printed


# Frames

def links_up(*names, netns=None):
    for name in names:
        run('ip', *(['-n', netns] if netns else []), 'link', 'set', name, 'up')


def in_netns(netns):
    return ['ip', 'netns', 'exec', netns] if netns else []


class Frames:
    """frames.py, which sends and expects numbered frames."""

    def __init__(self, *links, netns=None):
        links_up(*links, netns=netns)
        self.process = subprocess.Popen(
            [*in_netns(netns), '/usr/bin/python3', FRAMES, 'talk', *links], stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        equal(self.process.stdout.readline(), 'ready\n', 'frames.py')

    def _say(self, *words):
        self.process.stdin.write(' '.join(words) + '\n')
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        check(answer.startswith('ok'), f'frames {" ".join(words)}: {answer}')

    def send(self, link, *frames):
        self._say('send', link, *frames)

    def expect(self, link, *frames):
        self._say('expect', link, *frames)

    def nothing(self):
        self._say('nothing')

    def close(self):
        self.process.stdin.close()
        self.process.wait(LIMIT)


class Flow:
    """Numbered frames that never stop; each must arrive, once and in order."""

    def __init__(self, source, sink, *frames):
        links_up(source, sink)
        self.process = subprocess.Popen(
            ['/usr/bin/python3', FRAMES, 'flow', '20', source, sink, *frames],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self.flows()

    def flows(self):
        equal(self.process.stdout.readline(), 'flowing\n', 'frames.py flow')

    def is_intact(self):
        return self.process.poll() is None

    def end(self):
        """Returns how many frames there were; none was lost."""
        output, _ = self.process.communicate('\n', timeout=LIMIT)
        equal(self.process.returncode, 0, f'frames.py flow: {output}')
        return sum(int(count) for count in re.findall(r'(\d+) frames', output))
