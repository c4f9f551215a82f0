#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""REST over a unix socket: its path, owner, group and mode; who is admitted; files that are stale or in use."""
import grp
import http.client
import os
import socket
import stat
import subprocess
import unittest

from harness import Answer, Case, LIMIT, SPP_CTL, main

from admission_test import CAN_BE_SOMEBODY_ELSE, STRANGER, request

CLIENT = '''
import socket, sys
with socket.socket(socket.AF_UNIX) as s:
    s.settimeout(30)
    s.connect(sys.argv[1])
    s.sendall(bytes(sys.argv[2], 'latin-1').decode('unicode_escape').encode('latin-1'))
    data = b''
    while piece := s.recv(65536):
        data += piece
    sys.stdout.write(data.decode('latin-1'))
'''


class UnixConnection(http.client.HTTPConnection):
    def __init__(self, path):
        super().__init__('localhost', timeout=LIMIT)
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(LIMIT)
        self.sock.connect(self.path)


def ask(path, method='GET', target='/v1/processes', body=None):
    connection = UnixConnection(path)
    try:
        connection.request(method, target, body)
        answer = connection.getresponse()
        return Answer(answer.status, answer.headers, answer.read())
    finally:
        connection.close()


def run(*options, **kwargs):
    return subprocess.run([SPP_CTL, '-p', '0', '-s', '0', '-a', '0', *options], stdin=subprocess.DEVNULL,
                          capture_output=True, text=True, check=False, timeout=LIMIT, **kwargs)


def as_user(path, user, group=STRANGER):
    return subprocess.run(
        ['setpriv', '--reuid', str(user), '--regid', str(group), '--clear-groups', '/usr/bin/python3', '-c',
         CLIENT, path, request('GET', '/v1/processes')],
        stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, timeout=LIMIT, cwd='/')


class SocketCase(Case):
    def setUp(self):
        super().setUp()
        self.home = self.directory()
        os.chmod(self.home, 0o755)
        self.path = os.path.join(self.home, 'rest.sock')

    def listen(self, *options):
        ctl = self.start('--socket', self.path, *options)
        ctl.wait_log('listening for REST clients on ' + self.path)
        return ctl


class File(SocketCase):
    def test_requests_are_answered_there_as_on_the_port(self):
        ctl = self.listen()
        self.vf(1, ctl)
        self.check_json(ask(self.path), [{'type': 'vf', 'client-id': 1}])
        self.check_empty(ask(self.path, 'POST', '/v1/vfs/1/components',
                             '{"name": "a", "core": 3, "type": "forward"}'))
        self.check_json(ctl.get('/v1/processes'), [{'type': 'vf', 'client-id': 1}])

    def test_the_file_is_for_the_owner_and_goes_with_the_controller(self):
        ctl = self.listen()
        mode = os.lstat(self.path).st_mode
        self.assertTrue(stat.S_ISSOCK(mode))
        self.assertEqual(stat.S_IMODE(mode), 0o600)
        self.assertEqual(ctl.stop(), 0)
        self.assertFalse(os.path.lexists(self.path))

    def test_a_stale_file_is_replaced_and_a_live_one_is_not(self):
        with socket.socket(socket.AF_UNIX) as stale:
            stale.bind(self.path)
        self.listen()
        result = run('--socket', self.path)
        self.assertEqual(result.returncode, 1)
        self.assertTrue(result.stderr.endswith(
            'spp-ctl: socket %s: another process serves it; stop that one or choose another path with --socket\n'
            % self.path), result.stderr)
        self.assertEqual(ask(self.path).status, 200)

    def test_mode_owner_and_group_are_set(self):
        self.listen('--socket-mode', '0666', '--socket-group', str(grp.getgrgid(os.getgid()).gr_name))
        self.assertEqual(stat.S_IMODE(os.lstat(self.path).st_mode), 0o666)

    def test_what_is_wrong_is_said(self):
        for options, status, sentence in (
                (['--socket', self.path, '--socket-group', 'no-such-group'], 1,
                 '--socket-group no-such-group: there is no such group'),
                (['--socket', self.path, '--socket-owner', 'no-such-user'], 1,
                 '--socket-owner no-such-user: there is no such user'),
                (['--socket', '/no/such/place'], 1, 'socket /no/such/place: cannot open directory /no/such: No such '
                 'file or directory; choose another path with --socket'),
                (['--socket-mode', '066'], 2,
                 "'066' is no mode of a socket: octal, with 0600 in it, such as 0660"),
                (['--socket-mode', 'rw'], 2,
                 "'rw' is no mode of a socket: octal, with 0600 in it, such as 0660"),
                (['--socket', self.path, '--no-socket'], 2,
                 '--socket and --no-socket contradict each other: give one')):
            result = run(*options)
            self.assertEqual(result.returncode, status, result.stderr)
            self.assertIn('spp-ctl: %s\n' % sentence, result.stderr)
            self.assertFalse(os.path.lexists(self.path))


@unittest.skipUnless(CAN_BE_SOMEBODY_ELSE, 'needs root and setpriv, to run clients as another user')
class Strangers(SocketCase):
    def check(self, user, status, group=STRANGER):
        result = as_user(self.path, user, group)
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertTrue(result.stdout.startswith('HTTP/1.1 %d ' % status), result.stdout)
        return result.stdout

    def test_another_user_cannot_open_it(self):
        self.listen()
        self.assertIn('PermissionError', as_user(self.path, STRANGER).stderr)

    def test_a_mode_for_all_admits_nobody_by_itself(self):
        self.listen('--socket-mode', '0666')
        answer = self.check(STRANGER, 403)
        self.assertTrue(answer.endswith('user 65534 is not admitted: start spp-ctl with --admit 65534'), answer)

    def test_the_owner_is_admitted(self):
        self.listen('--socket-owner', str(STRANGER))
        self.assertEqual(os.lstat(self.path).st_uid, STRANGER)
        self.check(STRANGER, 200)

    def test_members_of_the_group_are_admitted(self):
        self.listen('--socket-group', 'nogroup')
        info = os.lstat(self.path)
        self.assertEqual((info.st_gid, stat.S_IMODE(info.st_mode)), (grp.getgrnam('nogroup').gr_gid, 0o660))
        self.check(STRANGER, 200)

    def test_the_default_path_of_a_user(self):
        runtime = os.path.join(self.home, 'runtime')
        os.mkdir(runtime)
        os.chown(runtime, STRANGER, STRANGER)
        program = os.path.join(self.home, 'spp-ctl')
        with open(SPP_CTL, 'rb') as source, open(program, 'wb') as copy:
            copy.write(source.read())
        os.chmod(program, 0o755)
        with subprocess.Popen(['setpriv', '--reuid', str(STRANGER), '--regid', str(STRANGER), '--clear-groups',
                               program, '-p', '0', '-s', '0', '-a', '0'], cwd='/', stderr=subprocess.PIPE,
                              text=True, env={**os.environ, 'XDG_RUNTIME_DIR': runtime}) as process:
            path = runtime + '/spp/spp-ctl.sock'
            try:
                for line in process.stderr:
                    if 'listening for REST clients on ' + path in line:
                        break
                else:
                    self.fail('it listens on no unix socket')
                self.assertEqual(ask(path).status, 200)  # root may
            finally:
                process.terminate()
                process.communicate()


if __name__ == '__main__':
    main()
