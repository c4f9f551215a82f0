#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""A person at a terminal: completion, history, recording, interruption, the end."""
import json
import os
import re

from cli_harness import FAREWELL, PROMPT, WELCOME, CliCase, Vf, main


class Completion(CliCase):
    def setUp(self):
        super().setUp()
        self.process = self.icmp_vf()
        self.process.model.refuse['verbs'] = json.dumps({
            'results': [{'result': 'success'}],
            'verbs': [{'owner': 'core', 'grammar': 'stats', 'help': ''},
                      {'owner': 'limiter', 'grammar': 'limit <rate:UNSIGNED_INT>', 'help': ''}]})
        self.process.model.refuse['limit 5'] = json.dumps(
            {'results': [{'result': 'success'}], 'rate': 5})
        self.terminal = self.session()

    def test_one_candidate_is_inserted_without_a_blank(self):
        self.terminal.press('vf 1; comp\t')
        self.terminal.wait('vf 1; component')
        self.terminal.press(' st\tart a 3 m\t\n')
        self.assertEqual(self.terminal.wait_prompt()[-1],
                         "Succeeded to start component 'a' on core:3")

    def test_a_second_tab_lists_in_alphabetical_columns(self):
        self.terminal.press('vf 1; \t\t')
        self.assertEqual(self.terminal.wait('\nclassifier_table.*\n').strip().split(),
                         ['vf', '1;', 'classifier_table', 'component', 'exit', 'limit', 'port',
                          'status'])
        self.terminal.wait(r'vf 1; $')
        self.terminal.press('c\t\t')
        self.assertEqual(self.terminal.wait('classifier_table  component\n').split()[-2:],
                         ['classifier_table', 'component'])

    def test_live_values(self):
        for line in ('component start cls 3 classifier', 'port add ring:0 tx cls'):
            self.assertRegex(self.terminal.type('vf 1; ' + line)[0], '^Succeeded')
        for line, listed in (
                ('component start b ', '4  5  6'), ('port del ', 'RES_UID  ring:0'),
                ('port add ring:1 rx ', 'NAME  cls')):
            self.terminal.press('vf 1; %s\t\t' % line)
            self.terminal.wait('\n%s\n' % listed)
            self.terminal.press('\x03')
            self.terminal.wait_prompt()
        self.terminal.press('vf \t')
        self.terminal.wait('vf 1;')
        self.terminal.press('component stop \t')
        self.terminal.wait('component stop cls')

    def test_a_verb_of_a_plugin_completes_and_runs(self):
        self.terminal.press('vf 1; li\t')
        self.terminal.wait('limit')
        self.terminal.press(' \t')
        self.terminal.wait('UNSIGNED_INT')
        self.terminal.press('\x03')
        self.terminal.wait_prompt()
        self.assertEqual(self.terminal.type('vf 1; limit 5'), ['- rate: 5'])
        self.assertRegex(self.terminal.type('vf 1; limit x')[0], r'^Error: Invalid value \(rate\)')

    def test_a_hanging_process_does_not_hang_completion(self):
        self.process.model.refuse['verbs'] = lambda _command: None
        self.terminal.press('vf 1; st\t')
        self.terminal.wait('status')

    def test_without_a_controller_there_is_nothing_to_offer(self):
        self.ctl.stop()
        self.terminal.press('vf \t\t')
        self.terminal.press('1; comp\t')
        self.assertNotIn('\n', self.terminal.wait('vf 1; component'))


class History(CliCase):
    def history_file(self):
        with open(os.path.join(self.home, '.spp_history')) as file:
            return file.read().splitlines()

    def test_lines_survive_the_session(self):
        terminal = self.session()
        terminal.type('# one')
        terminal.type('history')
        terminal.type('server')
        terminal.press('exit\n')
        terminal.end()
        self.assertEqual(self.history_file(), ['# one', 'server'])
        self.assertEqual(os.stat(os.path.join(self.home, '.spp_history')).st_mode & 0o777, 0o600)
        terminal = self.session()
        self.assertEqual(terminal.type('history'), ['  1  # one', '  2  server'])
        self.assertEqual(terminal.type('redo 2'), ['  1: %s *' % self.server])
        self.assertEqual(terminal.type('redo 99'), ['Error: no such history entry "99".'])
        terminal.press('\x1b[A')
        terminal.wait('server')
        terminal.press('\x1b[A')
        terminal.wait('# one')
        terminal.press('\n')
        self.assertEqual(terminal.wait_prompt()[-1], '# one')

    def test_record_can_be_played_back(self):
        terminal = self.session()
        path = os.path.join(self.home, 'recorded.rcp')
        self.assertEqual(terminal.type('record ' + path), [])
        terminal.type('# remark')
        terminal.type('server list')
        terminal.type('vf 1; exit')
        self.assertEqual(terminal.type('playback ' + path),
                         ['Closing file', '# remark', '# server list', '  1: %s *' % self.server])
        terminal.type('record ' + path)
        terminal.press('\x04')
        self.assertIn('Closing file\n' + FAREWELL, terminal.end()[0])


class Life(CliCase):
    def test_welcome_prompt_and_end_of_input(self):
        terminal = self.terminal()
        self.assertEqual(terminal.wait(re.escape(PROMPT) + '$'), WELCOME + '\n\n' + PROMPT)
        terminal.press('\x04')
        shown, status = terminal.end()
        self.assertEqual((shown.splitlines()[1:], status), ([FAREWELL], 0))

    def test_ctrl_c_drops_the_line_and_nothing_else(self):
        terminal = self.session()
        terminal.press('exit')
        terminal.wait('exit')
        terminal.press('\x03')
        terminal.wait_prompt()
        self.assertEqual(terminal.type('server'), ['  1: %s *' % self.server])

    def test_ctrl_c_ends_a_request_that_hangs(self):
        vf = Vf(1)
        self.vf(1, answers=vf)
        vf.refuse['component stop a'] = lambda _command: None
        terminal = self.session()
        terminal.press('vf 1; component stop a\n')
        self.processes[0].wait_command('component stop a')
        terminal.press('\x03')
        # The terminal itself shows the key.
        self.assertEqual(terminal.wait_prompt()[-1], '^CError: interrupted.')

    def test_the_prompt_changes_at_once(self):
        terminal = self.session()
        terminal.press('config prompt "me> "\n')
        # At the start of a line: the command that is echoed holds the prompt, too.
        self.assertEqual(terminal.wait('\nme> $').split('\n')[-2], 'Set prompt: "me> "')

    def test_no_controller_at_the_start(self):
        server = self.server
        self.ctl.stop()
        shown, status = self.terminal(server=server).end()
        self.assertEqual((shown, status), (
            'Is not spp-ctl running on 127.0.0.1, nor correct IP address?\n', 1))

    def test_the_controller_goes_and_comes_back(self):
        terminal = self.session()
        self.ctl.stop()
        gone = ['Error: Failed to connect to spp-ctl.']
        self.assertEqual(terminal.type('vf 1; status'), gone)
        self.assertEqual(terminal.type('pri; status'), gone)
        self.assertEqual(terminal.type('bye sec'), gone)
        self.assertEqual(terminal.type('status'),
                         ['- spp-ctl:', '  - address: ' + self.server] + gone)
        other = self.start()
        self.assertEqual(terminal.type('server add 127.0.0.1:%d' % other.rest_port),
                         ['Registered spp-ctl "127.0.0.1:%d".' % other.rest_port])
        self.assertEqual(terminal.type('server 2'),
                         ['Switch spp-ctl to "2: 127.0.0.1:%d".' % other.rest_port])
        self.vf(1, ctl=other)
        self.assertEqual(terminal.type('status')[-1], '    1: vf:1')

    def test_a_secondary_is_usable_as_soon_as_it_is_known(self):
        terminal = self.session()
        self.assertEqual(terminal.type('vf 1; status'), ['"vf 1" does not exist.'])
        self.icmp_vf()
        self.assertEqual(terminal.type('vf 1; status')[0], 'Basic Information:')


if __name__ == '__main__':
    main()
