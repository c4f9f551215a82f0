#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Who is admitted: users of this machine by the owner of their socket, others by a token."""
import json
import os
import shutil
import subprocess
import unittest

from harness import Case, LIMIT, main

STRANGER = 65534  # nobody

# What a stranger runs: connect, send, print what comes back until the end of the stream.
CLIENT = '''
import socket, sys
with socket.create_connection(('127.0.0.1', int(sys.argv[1])), timeout=30) as s:
    s.sendall(bytes(sys.argv[2], 'latin-1').decode('unicode_escape').encode('latin-1'))
    data = b''
    try:
        while piece := s.recv(65536):
            data += piece
    except ConnectionResetError:
        pass
    sys.stdout.write(data.decode('latin-1'))
'''

CAN_BE_SOMEBODY_ELSE = os.geteuid() == 0 and shutil.which('setpriv') is not None


def as_stranger(port, data, user=STRANGER):
    # The system's interpreter: another one may lie where a stranger cannot read.
    result = subprocess.run(
        ['setpriv', '--reuid', str(user), '--regid', str(user), '--clear-groups',
         '/usr/bin/python3', '-c', CLIENT, str(port), data],
        stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, timeout=LIMIT, cwd='/')
    assert result.returncode == 0, result.stderr
    return result.stdout


def request(method, path, *headers):
    return '\\r\\n'.join(['%s %s HTTP/1.1' % (method, path), 'Host: localhost', 'Connection: close',
                           *headers, '', ''])


@unittest.skipUnless(CAN_BE_SOMEBODY_ELSE, 'needs root and setpriv, to run clients as another user')
class Strangers(Case):
    def test_another_user_may_neither_read_nor_change_anything(self):
        self.vf(1)
        for method, path in (('GET', '/v1/processes'), ('DELETE', '/v1/vfs/1'), ('GET', '/no/such/path')):
            answer = as_stranger(self.ctl.rest_port, request(method, path))
            self.assertTrue(answer.startswith('HTTP/1.1 403 Forbidden'), answer)
            self.assertTrue(answer.endswith('user 65534 is not admitted: start spp-ctl with --admit 65534'), answer)
        self.assertEqual([p['type'] for p in self.ctl.get('/v1/processes').json], ['vf'])

    def test_another_user_is_no_process_of_the_panel(self):
        hello = json.dumps({'results': [{'result': 'success'}], 'client_id': 1, 'process_type': 'vf'})
        for port in self.ctl.primary_port, self.ctl.secondary_port:
            mark = self.ctl.mark()
            # Closed at once, without a question.
            self.assertEqual(as_stranger(port, hello), '')
            if port == self.ctl.primary_port:
                self.ctl.wait_log('refused: user 65534 is not admitted: start spp-ctl with --admit 65534', mark)
        self.assertEqual(self.ctl.get('/v1/processes').json, [])
        self.vf(1)

    def test_an_admitted_user_is_served(self):
        ctl = self.start('--admit', str(STRANGER))
        answer = as_stranger(ctl.rest_port, request('GET', '/v1/processes'))
        self.assertTrue(answer.startswith('HTTP/1.1 200 OK'), answer)
        answer = as_stranger(ctl.rest_port, request('GET', '/v1/processes'), user=65533)
        self.assertTrue(answer.startswith('HTTP/1.1 403 Forbidden'), answer)

    def test_the_members_of_an_admitted_group_are_served(self):
        ctl = self.start('--admit', '@nogroup')
        answer = as_stranger(ctl.rest_port, request('GET', '/v1/processes'))
        self.assertTrue(answer.startswith('HTTP/1.1 200 OK'), answer)

    def test_everybody_is_served_when_told_so(self):
        ctl = self.start('--admit-all')
        answer = as_stranger(ctl.rest_port, request('GET', '/v1/processes'))
        self.assertTrue(answer.startswith('HTTP/1.1 200 OK'), answer)

    def test_a_token_admits_whoever_shows_it(self):
        path = os.path.join(self.directory(), 'token')
        with open(path, 'w', encoding='ascii') as file:
            file.write('correct-horse-battery\n')
        ctl = self.start('--token-file', path)
        for header, status in (('Authorization: Bearer correct-horse-battery', 200),
                               ('Authorization: Bearer correct-horse-batterz', 403),
                               ('Authorization: Bearer correct-horse', 403),
                               ('Authorization: Basic correct-horse-battery', 403),
                               ('Authorization: Bearer ' + 'x' * 1000, 403)):
            answer = as_stranger(ctl.rest_port, request('GET', '/v1/processes', header))
            self.assertTrue(answer.startswith('HTTP/1.1 %d ' % status), (header, answer))


class Own(Case):
    def test_the_own_user_needs_nothing(self):
        self.vf(1)
        self.assertEqual(self.ctl.get('/v1/processes').status, 200)


    def test_names_of_others_are_refused(self):
        for host, status in (('127.0.0.1:7777', 200), ('localhost', 200), ('LOCALHOST:1', 200), ('[::1]:7777', 200),
                             ('10.1.2.3', 200), ('panel.example.org', 403), ('localhost.example.org:7777', 403),
                             ('[localhost]', 403), ('', 403), ('x' * 200, 403)):
            self.assertEqual(self.ctl.request('GET', '/v1/processes', headers={'Host': host}).status, status, host)


class Options(Case):
    def test_wrong_users_groups_and_tokens_are_said(self):
        short = os.path.join(self.directory(), 'short')
        with open(short, 'w', encoding='ascii') as file:
            file.write('secret\n')
        for options, sentence in (
                (['--admit', 'no-such-user'], '--admit no-such-user: there is no such user'),
                (['--admit', '@no-such-group'], '--admit @no-such-group: there is no such group'),
                (['--token-file', '/no/such/file'],
                 '--token-file /no/such/file: cannot open: No such file or directory'),
                (['--token-file', short],
                 '--token-file %s: its first line must be a token of 16 characters or more' % short)):
            result = subprocess.run([os.environ['SPP_CTL'], '-p', '0', '-s', '0', '-a', '0', *options],
                                    stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
                                    timeout=LIMIT)
            self.assertEqual(result.returncode, 1, result.stderr)
            self.assertIn('spp-ctl: %s\n' % sentence, result.stderr)


if __name__ == '__main__':
    main()
