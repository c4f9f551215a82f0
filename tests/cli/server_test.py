#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""The ways to a controller: its unix socket, TLS, a token, certificates; and what is said where there is none."""
import os
import shutil
import subprocess
import unittest

from cli_harness import LIMIT, SPP, CliCase, Vf, main

from admission_test import CAN_BE_SOMEBODY_ELSE, STRANGER
from tls_test import make_authority, make_certificate


class UnixSocket(CliCase):
    def setUp(self):
        super().setUp()
        self.path = os.path.join(self.home, 'rest.sock')
        self.local = self.start('--socket', self.path)

    def test_commands_work_there(self):
        self.vf(1, self.local, answers=Vf(1, cores=(3, 4, 5, 6)))
        result = self.spp('-c', 'vf 1; component start a 3 forward', '-c', 'status', server='unix:' + self.path)
        self.assertEqual((result.returncode, result.stderr), (0, ''), result.stdout)
        self.assertIn("Succeeded to start component 'a'", result.stdout)
        self.assertIn('  - address: unix:%s\n' % self.path, result.stdout)

    def test_it_is_a_server_among_others(self):
        name = 'unix:' + self.path
        self.check_run(self.spp('-c', 'server add ' + name, '-c', 'server ' + name, '-c', 'server',
                                '-c', 'server del 1', '-c', 'server add ' + name, '-c', 'server del unix:/no'),
                       'Registered spp-ctl "{0}".\nSwitch spp-ctl to "2: {0}".\n  1: {1} \n  2: {0} *\n'
                       'Unregistered spp-ctl "{1}".\n"{0}" is already registered.\n'
                       '"unix:/no" is not registered.\n'.format(name, self.server), 1)

    def test_a_shell_completes_with_what_the_controller_knows(self):
        self.vf(1, self.local)
        script = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..', 'apps', 'spp', 'spp.bash')
        words = ['spp', '-b', 'unix', ':', self.path, '-c', 'vf ']
        code = ('PATH=%s:$PATH; . %s; compopt() { :; }; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _spp; '
                'printf "%%s\\n" "${COMPREPLY[@]}"' % (os.path.dirname(SPP), script))
        result = subprocess.run(['bash', '-c', code, 'bash', *words], capture_output=True, text=True, timeout=LIMIT,
                                check=False, env={**os.environ, 'HOME': self.home})
        self.assertEqual((result.stdout, result.stderr), ('vf 1;\n', ''))

    def test_what_is_wrong_is_said(self):
        self.check_run(self.spp('-c', 'status', server='unix:/no/such'),
                       'Is not spp-ctl running on /no/such, nor correct IP address?\n', 1)
        self.check_run(self.spp('-c', 'status', server='unix:x'), 'Error: Invalid address "unix:x"\n', 1)


class Tls(CliCase):
    def setUp(self):
        super().setUp()
        os.chmod(self.home, 0o755)
        for authority in 'ca', 'other':
            make_authority(self.home, authority)
        make_certificate(self.home, 'server', 'ca')
        make_certificate(self.home, 'client', 'ca')
        with open(self.at('token'), 'w', encoding='ascii') as file:
            file.write('correct-horse-battery\n')
        self.tls = self.start('--tls-cert', self.at('server.pem'), '--tls-key', self.at('server.key'),
                              '--tls-ca', self.at('ca.pem'), '--token-file', self.at('token'))
        self.server = 'https://localhost:%d' % self.tls.rest_port
        for name in os.listdir(self.home):
            os.chmod(self.at(name), 0o644)

    def at(self, name):
        return os.path.join(self.home, name)

    def as_stranger(self, *words):
        program = self.at('spp')
        if not os.path.exists(program):
            shutil.copy(SPP, program)
            os.chmod(program, 0o755)
        return subprocess.run(
            ['setpriv', '--reuid', str(STRANGER), '--regid', str(STRANGER), '--clear-groups', program, '-b',
             self.server, '--ca', self.at('ca.pem'), *words, '-c', 'server'],
            stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, timeout=LIMIT, cwd='/',
            env={**os.environ, 'HOME': '/nonexistent'})

    def test_commands_work_there(self):
        self.vf(1, self.tls)
        result = self.spp('--ca', self.at('ca.pem'), '-c', 'vf 1; status', '-c', 'status')
        self.assertEqual((result.returncode, result.stderr), (0, ''), result.stdout)
        self.assertIn('  - address: %s\n' % self.server, result.stdout)

    def test_a_controller_with_a_strange_certificate_is_not_believed(self):
        for words in [], ['--ca', self.at('other.pem')]:
            self.check_run(self.spp(*words, '-c', 'status'),
                           'Error: the certificate of spp-ctl is not one of localhost by a known authority; give its '
                           'authority with --ca.\n', 1)
        self.check_run(self.spp('--ca', '/no/such', '-c', 'status'),
                       'Error: no TLS with spp-ctl; check the address, --ca, --cert and --key.\n', 1)

    def test_a_controller_without_tls_is_said(self):
        self.server = 'https://localhost:%d' % self.ctl.rest_port
        self.check_run(self.spp('--ca', self.at('ca.pem'), '-c', 'status'),
                       'Error: no TLS with spp-ctl; check the address, --ca, --cert and --key.\n', 1)

    def test_files_that_cannot_be_used_are_said(self):
        self.check_run(self.spp('--token-file', '/no/such'), '', 1,
                       'spp: --token-file /no/such: cannot open: No such file or directory\n')
        self.file('empty', '\n')
        self.check_run(self.spp('--token-file', self.at('empty')), '', 1,
                       'spp: --token-file %s: its first line must be a token\n' % self.at('empty'))
        self.file('evil', 'x\ty\n')
        self.check_run(self.spp('--token-file', self.at('evil')), '', 1,
                       'spp: --token-file %s: the token has a character that is not printable ASCII\n'
                       % self.at('evil'))

    @unittest.skipUnless(CAN_BE_SOMEBODY_ELSE, 'needs root and setpriv, to run spp as another user')
    def test_a_stranger_is_told_why_and_admitted_by_token_or_certificate(self):
        self.check_run(self.as_stranger(),
                       'Error: user 65534 is not admitted: start spp-ctl with --admit 65534\n', 1)
        listed = '  1: %s *\n' % self.server
        self.check_run(self.as_stranger('--token-file', self.at('token')), listed)
        self.check_run(self.as_stranger('--cert', self.at('client.pem'), '--key', self.at('client.key')), listed)
        self.file('wrong', 'no-such-horse-battery\n')
        self.assertEqual(self.as_stranger('--token-file', self.at('wrong')).returncode, 1)


if __name__ == '__main__':
    main()
