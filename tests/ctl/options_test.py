#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""The command line, the service manager's socket, and the end of the controller."""
import os
import signal
import socket
import subprocess
import unittest

from harness import Case, LIMIT, SPP_CTL, Controller, main


def run(*options):
    return subprocess.run([SPP_CTL, *options], stdin=subprocess.DEVNULL, check=False, timeout=LIMIT,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


class Options(unittest.TestCase):
    def test_help_and_version_go_to_stdout(self):
        for option in ('-h', '--help'):
            result = run(option)
            self.assertEqual((result.returncode, result.stderr), (0, ''))
            self.assertTrue(result.stdout.startswith('usage: spp-ctl '))
            for word in ('--bind-addr', '--state-dir', '--no-restore', '5555', '6666', '7777'):
                self.assertIn(word, result.stdout)
        self.assertRegex(run('--version').stdout, '^spp-ctl [0-9.]+\n$')

    def test_bad_options_give_usage_and_status_2(self):
        for options, sentence in ((['-x'], "unknown option '-x'"), (['x'], "unknown option 'x'"),
                                  (['--bind'], "unknown option '--bind'"),
                                  (['-p'], "option '-p' needs a value"),
                                  (['-p', '-b'], "option '-p' needs a value"),
                                  (['-a', '65536'], "'65536' is not a port number (0..65535)"),
                                  (['-s', 'x'], "'x' is not a port number (0..65535)"),
                                  (['--state-dir'], "option '--state-dir' needs a value"),
                                  (['--no-restore=1'], "unknown option '--no-restore=1'"),
                                  (['-b', ''], "the value of option '-b' is empty")):
            result = run(*options)
            self.assertEqual((result.returncode, result.stdout), (2, ''))
            lines = result.stderr.split('\n')
            self.assertEqual(lines[0], 'spp-ctl: ' + sentence)
            self.assertTrue(lines[1].startswith('usage: spp-ctl '))

    def test_an_address_that_is_none_is_said(self):
        result = run('-b', 'no.such.host.invalid', '-p', '0', '-s', '0', '-a', '0')
        self.assertEqual(result.returncode, 1)
        self.assertRegex(result.stderr, '^spp-ctl: cannot use address no.such.host.invalid: .*; '
                                        'give another one with -b\n$')

    def test_a_port_in_use_is_said(self):
        with socket.create_server(('127.0.0.1', 0)) as taken:
            port = str(taken.getsockname()[1])
            for option in '-p', '-s', '-a':
                ports = {'-p': '0', '-s': '0', '-a': '0', option: port}
                result = run(*(word for pair in ports.items() for word in pair))
                self.assertEqual(result.returncode, 1)
                self.assertTrue(result.stderr.endswith(
                    'spp-ctl: cannot listen on localhost port %s: Address already in use; end what '
                    'uses it, or choose another port with %s\n' % (port, option)), result.stderr)


class Running(Case):
    def test_b_without_value_is_loopback(self):
        for options in (['-b'], ['--bind-addr'], ['-b', '--no-restore'], ['-b', '127.0.0.1'],
                        ['--bind-addr=127.0.0.1']):
            ctl = self.start(*options)
            self.assertEqual(ctl.get('/v1/processes').status, 200)
            self.assertEqual([line for line in ctl.log if 'warning' in line], [])

    def test_other_addresses_need_a_token_or_a_word_that_they_are_meant(self):
        listen = ['-b', '0.0.0.0', '-p', '0', '-s', '0', '-a', '0', '--no-socket']
        result = run(*listen)
        self.assertEqual((result.returncode, result.stdout), (1, ''))
        self.assertEqual(result.stderr, 'spp-ctl: -b 0.0.0.0: who reaches that address would control the panel; '
                                        'give a token with --token-file, or certificates with --tls-ca, or '
                                        'say with --admit-all that this is meant\n')
        process = subprocess.Popen([SPP_CTL, *listen, '--admit-all'], stderr=subprocess.PIPE, text=True)
        try:
            self.assertIn('warning: whoever reaches 0.0.0.0 controls the panel',
                          process.stderr.readline())
        finally:
            process.terminate()
            process.communicate()
        self.assertEqual(process.returncode, 0)

    def test_processes_beyond_this_machine_need_a_word_that_they_are_meant(self):
        path = os.path.join(self.directory(), 'token')
        with open(path, 'w', encoding='ascii') as file:
            file.write('correct-horse-battery\n')
        listen = [SPP_CTL, '-b', '0.0.0.0', '-p', '0', '-s', '0', '-a', '0', '--no-socket', '--token-file', path]
        for options, address in (([], '127.0.0.1'), (['--admit-processes'], '0.0.0.0')):
            with subprocess.Popen([*listen, *options], stderr=subprocess.PIPE, text=True) as process:
                lines = []
                try:
                    for line in process.stderr:
                        lines.append(line)
                        if 'REST clients' in line:
                            break
                finally:
                    process.terminate()
                    process.communicate()
            text = ''.join(lines)
            self.assertIn('warning: a token is no secret on the way to 0.0.0.0', text)
            self.assertIn('listening for REST clients on 0.0.0.0 port', text)
            self.assertIn('listening for the primary on %s port' % address, text)
            self.assertIn('listening for secondaries on %s port' % address, text)
            self.assertEqual('may come as a process of the panel' in text, bool(options))

    def test_it_outlives_its_terminal(self):
        ctl = self.start()
        ctl.process.send_signal(signal.SIGHUP)
        ctl.process.send_signal(signal.SIGPIPE)
        self.assertEqual(ctl.get('/v1/processes').status, 200)

    def test_signals_end_it_with_status_0(self):
        for how in signal.SIGINT, signal.SIGTERM:
            self.assertEqual(self.start().stop(how), 0)

    def test_requests_are_logged(self):
        self.vf(1)
        self.ctl.request('PUT', '/v1/vfs/1/classifier_table', '{"a":\n5}')
        for pattern in ('PUT /v1/vfs/1/classifier_table called', 'body: {"a":\\?5}$',
                        '400 key\\(action\\) required\\.'):
            self.ctl.wait_log(pattern)

    def test_the_service_manager_is_told(self):
        path = os.path.join(self.directory(), 'notify')
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
            manager.bind(path)
            manager.settimeout(LIMIT)
            os.environ['NOTIFY_SOCKET'] = path
            try:
                ctl = self.start()
            finally:
                del os.environ['NOTIFY_SOCKET']
            self.assertEqual(manager.recv(100), b'READY=1')
            self.assertEqual(ctl.get('/v1/processes').status, 200)
            ctl.stop()
            self.assertEqual(manager.recv(100), b'STOPPING=1')

    def test_it_can_be_started_again_at_once_on_the_same_ports(self):
        self.vf(1)
        ports = ['-p', str(self.ctl.primary_port), '-s', str(self.ctl.secondary_port),
                 '-a', str(self.ctl.rest_port)]
        self.assertEqual(self.ctl.stop(), 0)
        again = Controller(*ports)
        self.controllers.append(again)
        self.assertEqual(again.get('/v1/processes').status, 200)


if __name__ == '__main__':
    main()
