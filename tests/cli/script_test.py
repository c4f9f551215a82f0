#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Scripts and one-shot use: -c, files, piped input, JSON, exit status; and bad input of any kind."""
import json
import os
import subprocess

from cli_harness import FAREWELL, PROMPT, SPP, WELCOME, CliCase, PagedVf, Vf, error, main, note

# Lines that no program may die of, with what they print here.
BAD_LINES = [
    ('vf 1; component', 'Error: Not enough parameters.'),
    ('vf 1; component start x', 'Error: Not enough parameters.'),
    ('vf 1; component start x abc forward', 'Error: core is not a number.'),
    ('mirror 3; component', '"mirror 3" does not exist.'),
    ('server foo_bar', 'Error: Invalid address "foo_bar".'),
    ('redo', 'Error: the number of a history entry is required.'),
    ('redo x', 'Error: no such history entry "x".'),
    ('redo 99', 'Error: no such history entry "99".'),
    ('topo_subgraph del nosuch', '*** Unknown syntax: topo_subgraph del nosuch'),
    ('load_cmd', '*** Unknown syntax: load_cmd'),
    ('load_cmd nosuch', '*** Unknown syntax: load_cmd nosuch'),
    ('record /nosuch/x', "Error: cannot write '/nosuch/x': No such file or directory."),
    ('topo a.dot', '*** Unknown syntax: topo a.dot'),
    ('vf', "Required an ID and ';' before the command."),
    ('vf 1', "Required an ID and ';' before the command."),
    ('vf 1 status', "Required an ID and ';' before the command."),
    ('vf x; status', 'Invalid command: x;status'),
    ('vf 9; status', '"vf 9" does not exist.'),
    ('vf 99999999999999999999; status', '"vf 99999999999999999999" does not exist.'),
    ('vf 1; foo', 'Invalid command "foo".'),
    ('vf 1;', 'Invalid command "".'),
    ('vf 1; status; status', "Error: a line has only one command, there is a second ';'."),
    ('vf 1; port', 'Error: Not enough parameters.'),
    ('vf 1; port move phy:0 rx a', 'Error: Invalid action.'),
    ('vf 1; port add phy:0 up a', 'Error: invalid key(dir): up.'),
    ('vf 1; port add foo:0 rx a', 'Error: invalid key(port): foo:0.'),
    ('vf 1; port add phy:0 rx nope',
     "Error: command error: Invalid value (component name): no component 'nope'"),
    ('vf 1; port add phy:0 rx a add_vlantag 9999 1', 'Error: invalid key(id): 9999.'),
    ('vf 1; classifier_table add ip 1 ring:0', 'Error: Type is only vlan or mac'),
    ('vf 1; classifier_table add mac zz ring:0', 'Error: invalid key(mac_address): zz.'),
    ('vf 1; classifier_table move mac default ring:0', 'Error: invalid key(action): move.'),
    ('vf 1; component start a 999 forward', 'Error: invalid key(core): 999.'),
    ('vf 1; component start x/y 3 forward', 'Error: invalid key(name): x/y.'),
    ('vf 1; component stop x/y', None),
    ('pri; status', 'No spp_primary is running.'),
    ('pri', "Error: write ';' between pri and its command: pri; status"),
    ('playback', 'Record file is required!'),
    ('playback nosuch', 'Error: File does not exist.'),
    ('bye foo', "Error: bye takes 'sec', 'all' or nothing, not \"foo\"."),
    ('config nothing x', 'Error: no such setting "nothing".'),
    ('help foo', '*** No help on foo'),
    ('foo', '*** Unknown syntax: foo'),
    ('\x07', 'Error: the line has a character that cannot be printed.'),
    ('a' * 5000, 'Error: the line is longer than 4096 characters.'),
    ('vf 1; ' + 'a ' * 100, 'Error: more than 64 words.'),
]


class Scripts(CliCase):
    def test_bad_lines_print_one_line_each(self):
        self.icmp_vf()
        for line, output in BAD_LINES:
            result = self.spp('-c', line)
            self.assertEqual((result.returncode, result.stderr), (1, ''), line)
            self.assertEqual(len(result.stdout.splitlines()), 1, (line, result.stdout))
            if output is not None:
                self.assertEqual(result.stdout, output + '\n', line)

    def test_notes_stand_instead_of_success(self):
        self.icmp_vf()
        self.check_run(self.spp('-c', 'vf 1; component stop cls9'),
                       "Note: no component 'cls9' to stop\n")

    def test_commands_of_the_command_line(self):
        self.check_run(self.spp('-c', 'server', '-c', 'foo', '-c', 'server\nbar'),
                       '  1: {0} *\n*** Unknown syntax: foo\n  1: {0} *\n*** Unknown syntax: bar\n'
                       .format(self.server), 1)
        self.check_run(self.spp('-e', '-c', 'server', '-c', 'foo', '-c', 'server'),
                       '  1: %s *\n*** Unknown syntax: foo\n' % self.server, 1)
        self.check_run(self.spp('-c', 'exit', '-c', 'foo'), FAREWELL + '\n')

    def test_a_file_is_run_quietly(self):
        path = self.file('script', '# remark\n\nserver\nfoo\nserver list')
        listed = '  1: %s *\n' % self.server
        self.check_run(self.spp(path), '# remark\n%s*** Unknown syntax: foo\n%s' % (listed, listed),
                       1)
        self.check_run(self.spp('-e', path), '# remark\n%s*** Unknown syntax: foo\n' % listed, 1)
        self.check_run(self.spp('-', stdin='server\n'), listed)
        self.check_run(self.spp('nosuch'),
                       "Error: cannot read 'nosuch': No such file or directory.\n", 1)

    def test_piped_input_sees_prompts_unless_quiet(self):
        listed = '  1: %s *\n' % self.server
        begin, end = WELCOME + '\n\n' + PROMPT, '\n' + FAREWELL + '\n'
        self.check_run(self.spp(stdin='server\nfoo\n'),
                       begin + listed + PROMPT + '*** Unknown syntax: foo\n' + PROMPT + end, 1)
        self.check_run(self.spp(stdin='server\nexit\nserver\n'),
                       begin + listed + PROMPT + FAREWELL + '\n')
        self.check_run(self.spp('-q', stdin='server'), listed)
        self.check_run(self.spp(stdin=''), begin + end)

    def test_playback_counts_failures(self):
        self.icmp_vf()
        path = self.file('recipe', '# my comment\n\nvf 1; component start a 4 forward\nfoo\n')
        self.check_run(self.spp('-c', 'playback ' + path),
                       '# my comment\n#\n# vf 1; component start a 4 forward\n'
                       "Succeeded to start component 'a' on core:4\n"
                       '# foo\n*** Unknown syntax: foo\nplayback: 1 of 2 commands failed\n', 1)

    def test_json_is_what_the_controller_sent(self):
        self.icmp_vf()
        result = self.spp('--json', '-c', 'vf 1; status')
        self.assertEqual((result.returncode, result.stderr), (0, ''))
        self.assertEqual(json.loads(result.stdout), self.ctl.get('/v1/vfs/1').json)
        self.check_run(self.spp('--json', '-c', 'status'),
                       self.ctl.get('/v1/processes').text + '\n')
        self.check_run(self.spp('--json', '-c', 'vf 1; component stop a'), '',
                       errors="Note: no component 'a' to stop\n")
        self.check_run(self.spp('--json', '-c', 'vf 9; status'), '', 1,
                       '"vf 9" does not exist.\n')
        self.check_run(self.spp('--json', stdin='status\n'),
                       self.ctl.get('/v1/processes').text + '\n')

    def run_bounded(self, nb, *words):
        """Run spp, which may have 32 MB of data, with a process of nb table entries."""
        model, mark = PagedVf(1, nb=nb), self.ctl.mark()
        process = self.connect(model)
        process.model = model
        self.ctl.wait_log('vf 1: has %d commands more' % (nb + 2), mark)
        run = subprocess.run(['prlimit', '--data=%d' % (32 << 20), SPP, '-b', self.server, *words],
                             stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
                             timeout=150, env={**os.environ, 'HOME': self.home})
        self.assertEqual((run.returncode, run.stderr), (0, ''), run.stdout[-200:])
        return process, run.stdout

    def test_a_status_of_a_million_entries(self):
        process, text = self.run_bounded(1000000, '-c', 'vf 1; status')
        lines = text.splitlines()
        first = lines.index('Classifier Table:') + 1
        self.assertEqual(lines[first:first + 1000000], [
            '  - %(value)s, %(port)s' % process.model.entry(i) for i in range(1000000)])
        self.assertEqual(lines[first + 1000000:first + 1000002], [
            'Components:', "  - core:3 'cls' (type: classifier)"])

    def test_json_of_200000_entries(self):
        process, text = self.run_bounded(200000, '--json', '-c', 'vf 1; status')
        self.assertEqual(json.loads(text)['classifier_table'],
                         [process.model.entry(i) for i in range(200000)])

    def test_a_status_that_breaks_off_is_an_error(self):
        model, mark = PagedVf(1, nb=20000), self.ctl.mark()
        self.connect(model)
        self.ctl.wait_log('vf 1: has 20002 commands more', mark)
        model.refuse['status classifier_table from @8192 max 4096'] = error('error occur: no')
        result = self.spp('-c', 'vf 1; status')
        self.assertEqual((result.returncode, result.stderr.strip() or result.stdout.splitlines()[-1]),
                         (1, 'Error: command error: error occur: no'))
        result = self.spp('--json', '-c', 'vf 1; status')
        self.assertEqual((result.returncode, result.stderr),
                         (1, 'Error: the answer of spp-ctl breaks off; its log says why.\n'))

    def test_a_status_says_what_was_not_restored(self):
        start = 'component start cls 3 classifier'
        process = self.vf(answers=PagedVf(1))
        self.assertEqual(self.ctl.request('POST', '/v1/vfs/1/commands', {'command': start}).status, 200)
        mark = self.ctl.mark()
        process.close()
        self.ctl.wait_log('vf 1 closed the connection', mark)
        self.connect(PagedVf(1, refuse={start: error('error occur: no')}))
        self.ctl.wait_log('vf 1: its configuration was not restored', mark)
        self.assertEqual(self.spp('-c', 'vf 1; status').stdout.splitlines()[-3:], [
            'Not restored (failed):', '  - commands that were asked for: 1',
            '  - ' + start + ': error occur: no'])

    def test_candidates_for_a_shell(self):
        self.icmp_vf()
        self.check_run(self.spp('--complete', 'vf '), '1;\n')
        self.check_run(self.spp('--complete', 'vf 1; component st'), 'start\nstop\n')

    def test_nul_and_garbage_in_a_script(self):
        path = os.path.join(self.home, 'garbage')
        with open(path, 'wb') as file:
            file.write(b'server\0exit\n\xff\xfe\n' + b'x' * 100000 + b'\nserver\n')
        result = subprocess.run([SPP, '-b', self.server, path], capture_output=True)
        self.assertEqual(result.returncode, 1)
        self.assertEqual(result.stdout.splitlines(), [
            b'Error: the line has a character that cannot be printed.',
            b'*** Unknown syntax: \xff\xfe',
            b'Error: the line is longer than 4096 characters.',
            b'  1: %s *' % self.server.encode()])


class Processes(CliCase):
    def test_status_and_bye(self):
        ok = '{"result":"succeeded","command":"exit"}'
        self.vf(3)
        self.vf(1)
        self.vf(2, answers=Vf(2, 'nfv', refuse={'exit': ok, 'status': json.dumps(
            {'client-id': 2, 'status': 'idling', 'lcores': [1, 2], 'ports': [], 'patches': []})}))
        self.vf(5, answers=Vf(5, 'mirror'))
        # The primary refuses to end while secondaries live, and notices their end late.
        refusals = [error('error occur: vf 1 is alive'), error('error occur: vf 1 is alive'), ok]
        self.primary(lambda command: refusals.pop(0) if command == 'exit' else '{}')
        self.check_run(self.spp('-c', 'status'), '''\
- spp-ctl:
  - address: %s
- primary:
  - status: running
- secondary:
  - processes:
    1: nfv:2
    2: vf:3
    3: vf:1
    4: mirror:5
''' % self.server)
        self.check_run(self.spp('-c', 'bye all'), '''\
Closing secondary ...
Exit nfv 2
Exit vf 3.
Exit vf 1.
Exit mirror 5.
Closing primary ...
Exit primary
''')
        self.check_run(self.spp('-c', 'status'), '''\
- spp-ctl:
  - address: %s
- primary:
  - status: not running
- secondary:
  - processes:
''' % self.server)

    def test_a_component_of_a_plugin(self):
        process = self.icmp_vf()
        self.check_run(self.spp('-c', 'vf 1; component start lim 3 limiter'),
                       "Succeeded to start component 'lim' on core:3\n")
        self.assertIn('component start lim 3 limiter', process.commands)

    def test_verbs_of_plugins(self):
        process = self.icmp_vf()
        process.model.refuse['verbs'] = json.dumps({
            'results': [{'result': 'success'}],
            'verbs': [{'owner': 'x', 'grammar': 'limit <rate:UNSIGNED_INT>', 'help': ''}]})
        process.model.refuse['limit 1'] = '{"results":[{"result":"success"}]}'
        process.model.refuse['limit 2'] = note('same rate')
        process.model.refuse['limit 3'] = error('too fast')
        for line, output, status in (
                ('limit 1', "Succeeded to run 'limit'", 0), ('limit 2', 'Note: same rate', 0),
                ('limit 3', 'Error: command error: too fast', 1)):
            self.check_run(self.spp('-c', 'vf 1; ' + line), output + '\n', status)

    def test_waiting_for_the_primary(self):
        self.primary(lambda _command: '{"lcores":[1]}')
        self.check_run(self.spp('--wait-pri', '-c', '# ready'),
                       'Waiting for spp_primary is ready ... OK! (0.0[sec])\n# ready\n')

    def test_a_process_that_hangs_is_an_error(self):
        vf = Vf(1)
        self.vf(1, answers=vf)
        vf.refuse['component stop a'] = lambda _command: None
        result = self.spp('-c', 'vf 1; component stop a')
        self.assertRegex(result.stdout, r'^Error: [^\n]+\n$')
        self.assertEqual(result.returncode, 1)


class Start(CliCase):
    def test_help_and_version(self):
        result = subprocess.run([SPP, '--help'], capture_output=True, text=True)
        self.assertEqual((result.returncode, result.stderr), (0, ''))
        self.assertIn('-b, --bind-addr [IP[:PORT]]', result.stdout)
        self.assertIn('\n  playback ', result.stdout)
        result = subprocess.run([SPP, '--version'], capture_output=True, text=True)
        self.assertRegex(result.stdout, r'^spp [0-9.]+\n$')

    def test_wrong_options(self):
        result = subprocess.run([SPP, '-x'], capture_output=True, text=True)
        self.assertEqual((result.stdout, result.stderr, result.returncode),
                         ('', "spp: unknown option '-x'\nTry 'spp --help'.\n", 2))

    def test_wrong_addresses(self):
        for address, output in (
                ('127.0.0.1:80', 'Error: Invalid port in "127.0.0.1:80"'),
                ('127.0.0.999', 'Error: Invalid address "127.0.0.999"')):
            self.check_run(self.spp('-c', 'status', server=address), output + '\n', 1)

    def test_several_servers(self):
        self.check_run(self.spp('-b', '127.0.0.1:9999', '-c', 'server'),
                       '  1: %s *\n  2: 127.0.0.1:9999 \n' % self.server)

    def test_settings_file(self):
        path = self.file('settings', 'prompt:\n  val: "me> "\n')
        self.check_run(self.spp('--config', path, stdin=''),
                       WELCOME + '\n\nme> \n' + FAREWELL + '\n')
        path = self.file('settings', 'foo:\n')
        self.check_run(self.spp('--config', path),
                       "Error: %s line 1: unknown key 'foo'\n" % path, 1)
        self.check_run(self.spp('--config', '/nosuch'),
                       'Error: No config file found!\n/nosuch: No such file or directory\n', 1)


if __name__ == '__main__':
    main()
