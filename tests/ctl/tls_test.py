#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""REST over TLS: the certificate of the server, certificates of clients, and what is wrong with files."""
import http.client
import json
import os
import shutil
import socket
import ssl
import subprocess
import unittest

from harness import Answer, Case, LIMIT, SPP_CTL, main

from admission_test import CAN_BE_SOMEBODY_ELSE, STRANGER

# What a stranger runs: a request, with a certificate if one is given.
CLIENT = '''
import http.client, ssl, sys
port, ca, own = sys.argv[1:4]
context = ssl.create_default_context(cafile=ca)
if own:
    context.load_cert_chain(own + '.pem', own + '.key')
connection = http.client.HTTPSConnection('localhost', int(port), timeout=30, context=context)
connection.request('GET', '/v1/processes', headers=dict(h.split('=', 1) for h in sys.argv[4:]))
answer = connection.getresponse()
print(answer.status, answer.read().decode())
'''


def openssl(*words):
    subprocess.run(['openssl', *words], check=True, capture_output=True, stdin=subprocess.DEVNULL, timeout=LIMIT)


def make_authority(folder, name):
    path = os.path.join(folder, name)
    openssl('req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2',
            '-subj', '/CN=' + name, '-keyout', path + '.key', '-out', path + '.pem')


def make_certificate(folder, name, authority):
    path, issuer = os.path.join(folder, name), os.path.join(folder, authority)
    openssl('req', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-subj', '/CN=' + name,
            '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1', '-keyout', path + '.key', '-out', path + '.csr')
    openssl('x509', '-req', '-in', path + '.csr', '-CA', issuer + '.pem', '-CAkey', issuer + '.key', '-days', '2',
            '-copy_extensions', 'copyall', '-out', path + '.pem')


class Tls(Case):
    @classmethod
    def setUpClass(cls):
        cls.folder = subprocess.run(['mktemp', '-d'], check=True, capture_output=True, text=True).stdout.strip()
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        os.chmod(cls.folder, 0o755)
        for authority in 'ca', 'other':
            make_authority(cls.folder, authority)
        make_certificate(cls.folder, 'server', 'ca')
        make_certificate(cls.folder, 'client', 'ca')
        make_certificate(cls.folder, 'stranger', 'other')
        for name in os.listdir(cls.folder):
            os.chmod(cls.file(name), 0o644)

    @classmethod
    def file(cls, name):
        return os.path.join(cls.folder, name)

    def listen(self, *options):
        return self.start('--tls-cert', self.file('server.pem'), '--tls-key', self.file('server.key'), *options)

    def ask(self, ctl, method='GET', path='/v1/processes', body=None):
        context = ssl.create_default_context(cafile=self.file('ca.pem'))
        connection = http.client.HTTPSConnection('localhost', ctl.rest_port, timeout=LIMIT, context=context)
        try:
            connection.request(method, path, None if body is None else json.dumps(body))
            answer = connection.getresponse()
            return Answer(answer.status, answer.headers, answer.read())
        finally:
            connection.close()

    def as_stranger(self, ctl, own='', *headers):
        result = subprocess.run(
            ['setpriv', '--reuid', str(STRANGER), '--regid', str(STRANGER), '--clear-groups', '/usr/bin/python3',
             '-c', CLIENT, str(ctl.rest_port), self.file('ca.pem'), own and self.file(own), *headers],
            stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, timeout=LIMIT, cwd='/')
        return result.stdout.strip() or result.stderr.strip().split('\n')[-1]

    def test_requests_are_answered_as_without_it(self):
        ctl = self.listen()
        self.vf(1, ctl)
        self.check_json(self.ask(ctl), [{'type': 'vf', 'client-id': 1}])
        self.check_empty(self.ask(ctl, 'POST', '/v1/vfs/1/components', {'name': 'a', 'core': 3, 'type': 'forward'}))
        # Larger than one record of TLS.
        self.assertGreater(len(self.ask(ctl, path='/v1/openapi.json').body), 20000)

    def test_no_plain_text_is_answered_there(self):
        ctl = self.listen()
        self.assertNotIn(b'HTTP/', ctl.raw(b'GET /v1/processes HTTP/1.1\r\nHost: localhost\r\n\r\n'))
        self.assertEqual(self.ask(ctl).status, 200)

    def test_old_versions_are_refused(self):
        ctl = self.listen()
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.load_verify_locations(self.file('ca.pem'))
        context.set_ciphers('ALL:@SECLEVEL=0')
        context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1_1
        with socket.create_connection(('localhost', ctl.rest_port), timeout=LIMIT) as s:
            with self.assertRaises(ssl.SSLError):
                context.wrap_socket(s, server_hostname='localhost')

    def test_silent_connections_and_half_handshakes_keep_nobody_out(self):
        ctl = self.listen()
        held = [socket.create_connection(('127.0.0.1', ctl.rest_port), timeout=LIMIT) for _ in range(300)]
        for s in held[::2]:
            s.sendall(b'\x16\x03\x01\x02\x00\x01\x00')
        for _ in range(5):
            self.check_json(self.ask(ctl), [])
        self.assertLess(len(os.listdir('/proc/%d/fd' % ctl.process.pid)), 192)
        for s in held:
            s.close()

    @unittest.skipUnless(CAN_BE_SOMEBODY_ELSE, 'needs root and setpriv, to run clients as another user')
    def test_a_certificate_of_the_authority_admits(self):
        ctl = self.listen('--tls-ca', self.file('ca.pem'))
        self.assertEqual(self.as_stranger(ctl, 'client'), '200 []')
        self.assertTrue(self.as_stranger(ctl).startswith('403 user 65534 is not admitted'))
        self.assertRegex(self.as_stranger(ctl, 'stranger'), '^(ssl|ConnectionReset|http.client.Remote|Broken)')
        # Who is admitted by his user needs no certificate.
        self.assertEqual(self.ask(ctl).status, 200)

    @unittest.skipUnless(CAN_BE_SOMEBODY_ELSE, 'needs root and setpriv, to run clients as another user')
    def test_a_token_admits_as_without_tls(self):
        token = os.path.join(self.directory(), 'token')
        with open(token, 'w', encoding='ascii') as file:
            file.write('correct-horse-battery\n')
        ctl = self.listen('--token-file', token)
        self.assertEqual(self.as_stranger(ctl, '', 'Authorization=Bearer correct-horse-battery'), '200 []')
        self.assertTrue(self.as_stranger(ctl, '', 'Authorization=Bearer no').startswith('403 '))

    def test_certificates_of_clients_do_beyond_this_machine(self):
        def run(*options):
            with subprocess.Popen([SPP_CTL, '-b', '0.0.0.0', '-p', '0', '-s', '0', '-a', '0', '--no-socket',
                                   '--tls-cert', self.file('server.pem'), '--tls-key', self.file('server.key'),
                                   *options], stderr=subprocess.PIPE, text=True) as process:
                line = process.stderr.readline()
                process.terminate()
                process.communicate()
                return line
        self.assertIn('listening for the primary on 127.0.0.1', run('--tls-ca', self.file('ca.pem')))
        self.assertIn('who reaches that address would control the panel', run())

    def test_what_is_wrong_with_files_is_said(self):
        cert, key = self.file('server.pem'), self.file('server.key')
        for options, status, sentence in (
                (['--tls-cert', cert], 2, '--tls-cert and --tls-key go together: give both'),
                (['--tls-ca', cert], 2, '--tls-ca needs --tls-cert and --tls-key'),
                (['--tls-cert', '/no/such', '--tls-key', key], 1, '--tls-cert /no/such: cannot use the file: '),
                (['--tls-cert', key, '--tls-key', key], 1, '--tls-cert %s: cannot use the file: ' % key),
                (['--tls-cert', cert, '--tls-key', self.file('client.key')], 1,
                 '--tls-key %s: cannot use the file: key values mismatch' % self.file('client.key')),
                (['--tls-cert', cert, '--tls-key', key, '--tls-ca', '/no/such'], 1,
                 '--tls-ca /no/such: cannot use the file: ')):
            result = subprocess.run([SPP_CTL, '-p', '0', '-s', '0', '-a', '0', '--no-socket', *options],
                                    capture_output=True, text=True, check=False, timeout=LIMIT)
            self.assertEqual(result.returncode, status, result.stderr)
            self.assertIn('spp-ctl: ' + sentence, result.stderr)


if __name__ == '__main__':
    main()
