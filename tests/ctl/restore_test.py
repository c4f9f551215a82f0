#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Configurations outlive the processes that had them, the controller, and the machine."""
import json
import os
import signal
import subprocess
import threading

from harness import Case, LIMIT, SPP_CTL, Vf, error, main

# What a classifier between two forwarders and a merger needs, in the order of restoration.
COMMANDS = ['component start cls 3 classifier', 'component start fwd 4 forward',
            'port add ring:0 tx cls', 'port add ring:1 tx cls',
            'port add ring:2 tx fwd add_vlantag 101 3',
            'classifier_table add mac 52:54:00:ab:cd:ef ring:0',
            'classifier_table add vlan 101 default ring:0',
            'port add phy:0 rx cls del_vlantag', 'port add ring:0 rx fwd']


class Base(Case):
    def configure(self, ctl=None, kind='vfs', client_id=1):
        """The same, in another order."""
        ctl, url = ctl or self.ctl, '/v1/%s/%d/' % (kind, client_id)
        attach = {'action': 'attach'}
        for method, path, body in (
                ('POST', 'components', {'name': 'cls', 'core': 3, 'type': 'classifier'}),
                ('PUT', 'components/cls/ports', {**attach, 'port': 'phy:0', 'dir': 'rx',
                                                 'vlan': {'operation': 'del'}}),
                ('PUT', 'components/cls/ports', {**attach, 'port': 'ring:0', 'dir': 'tx'}),
                ('PUT', 'components/cls/ports', {**attach, 'port': 'ring:1', 'dir': 'tx'}),
                ('PUT', 'classifier_table', {'action': 'add', 'type': 'mac', 'port': 'ring:0',
                                             'mac_address': '52:54:00:AB:CD:EF'}),
                ('PUT', 'classifier_table', {'action': 'add', 'type': 'vlan', 'vlan': 101,
                                             'port': 'ring:0', 'mac_address': 'default'}),
                ('POST', 'components', {'name': 'fwd', 'core': 4, 'type': 'forward'}),
                ('PUT', 'components/fwd/ports', {**attach, 'port': 'ring:0', 'dir': 'rx'}),
                ('PUT', 'components/fwd/ports', {**attach, 'port': 'ring:2', 'dir': 'tx', 'vlan': {
                    'operation': 'add', 'id': 101, 'pcp': 3}})):
            self.check_empty(ctl.request(method, url + path, body))

    def restart(self, process, client_id=1, ctl=None, **kwargs):
        """The process dies and comes back empty."""
        ctl = ctl or self.ctl
        mark = ctl.mark()
        process.close()
        ctl.wait_log('%s %d closed the connection' % (process.model.type, client_id), mark)
        return self.vf(client_id, ctl=ctl, **kwargs)

    def check_restore(self, status, commands=0, ctl=None, **more):
        answer = (ctl or self.ctl).get('/v1/vfs/1/restore')
        self.assertEqual(answer.status, 200, answer.text)
        difference = {key: answer.json[key] for key in ('wish', 'report', 'missing', 'extra')}
        self.check_json(answer, {'client-id': 1, 'status': status, 'commands': commands,
                                 **difference, **more})


class Restore(Base):
    def setUp(self):
        super().setUp()
        self.process = self.vf(1)

    def test_a_process_that_comes_back_empty_is_configured_as_before(self):
        self.configure()
        before = self.ctl.get('/v1/vfs/1').json
        self.check_restore('none')
        mark = self.ctl.mark()
        again = self.restart(self.process)
        self.ctl.wait_log('vf 1: configuration restored with 9 commands', mark)
        self.assertEqual(again.commands, ['_get_client_id', 'status', *COMMANDS])
        self.check_restore('restored', 9)
        after = self.ctl.get('/v1/vfs/1').json
        self.assertEqual(after['components'], before['components'])
        self.assertEqual(after['classifier_table'], before['classifier_table'])

    def test_requests_meanwhile_come_after_the_restoration(self):
        self.configure()
        again = self.restart(self.process)
        self.check_empty(self.ctl.request('DELETE', '/v1/vfs/1/components/fwd'))
        self.assertEqual(again.commands, ['_get_client_id', 'status', *COMMANDS,
                                          'component stop fwd'])

    def test_what_was_deleted_does_not_come_back(self):
        self.configure()
        for method, path, body in (
                ('PUT', 'classifier_table', {'action': 'del', 'type': 'mac', 'port': 'ring:0',
                                             'mac_address': '52:54:00:ab:cd:ef'}),
                ('PUT', 'components/cls/ports', {'action': 'detach', 'port': 'ring:0', 'dir': 'tx'}),
                ('PUT', 'components/cls/ports', {'action': 'detach', 'port': 'phy:0', 'dir': 'rx'}),
                ('DELETE', 'components/fwd', None)):
            self.check_empty(self.ctl.request(method, '/v1/vfs/1/' + path, body))
        mark = self.ctl.mark()
        again = self.restart(self.process)
        self.ctl.wait_log('vf 1: configuration restored', mark)
        self.assertEqual(again.commands[2:], ['component start cls 3 classifier',
                                              'port add ring:1 tx cls'])

    def test_free_commands_are_learned_with_their_options(self):
        self.process.model.refuse['component start x 3 limiter rate=5'] = (
            lambda _c: self.process.model('component start x 3 limiter'))
        self.assertEqual(self.ctl.request('POST', '/v1/vfs/1/commands', {
            'command': 'component start x 3 limiter rate=5'}).status, 200)
        self.assertEqual(self.ctl.get('/v1/vfs/1').status, 200)
        mark = self.ctl.mark()
        again = self.restart(self.process)
        self.ctl.wait_log('vf 1: configuration restored', mark)
        self.assertEqual(again.commands[2:], ['component start x 3 limiter rate=5'])

    def test_refused_requests_are_not_learned(self):
        self.process.model.refuse['component start a 3 merge'] = error('error occur: no')
        self.assertEqual(self.ctl.request('POST', '/v1/vfs/1/components', {
            'name': 'a', 'core': 3, 'type': 'merge'}).status, 400)
        again = self.restart(self.process)
        self.check_restore('none', wish=[])
        self.assertEqual(again.commands, ['_get_client_id', 'status', 'status'])

    def test_a_failed_restoration_leaves_nothing_behind_and_says_why(self):
        self.configure()
        reason = 'Invalid value (port): ring:2 is tx of fwd9 in vf 7'
        mark = self.ctl.mark()
        again = self.restart(self.process, refuse={COMMANDS[4]: error(reason)})
        self.ctl.wait_log('vf 1: its configuration was not restored', mark)
        self.assertEqual(again.commands[2:], [*COMMANDS[:5], 'component stop fwd',
                                              'component stop cls'])
        self.assertEqual((again.model.components, again.model.entries), ({}, []))
        failure = {'failed_command': COMMANDS[4], 'message': reason, 'not_restored': COMMANDS}
        self.check_restore('failed', 9, **failure)
        # Reading the state does not forget the configuration; asking again works once the cause is gone.
        self.assertEqual(self.ctl.get('/v1/vfs/1').status, 200)
        self.check_restore('failed', 9, **failure)
        again.model.refuse.clear()
        mark = self.ctl.mark()
        self.check_empty(self.ctl.request('POST', '/v1/vfs/1/restore'))
        self.ctl.wait_log('vf 1: configuration restored', mark)
        self.check_restore('restored', 9)
        self.check_empty(self.ctl.request('POST', '/v1/vfs/1/restore'),
                         'nothing to restore: vf 1 has a configuration, or never had one')

    def test_whoever_configures_after_a_failure_changes_the_wish_by_that_only(self):
        self.configure()
        mark = self.ctl.mark()
        again = self.restart(self.process, refuse={COMMANDS[0]: error('error occur: no')})
        self.ctl.wait_log('was not restored', mark)
        self.check_empty(self.ctl.request('POST', '/v1/vfs/1/components',
                                          {'name': 'b', 'core': 3, 'type': 'merge'}))
        self.check_restore('failed', 9, failed_command=COMMANDS[0], message='error occur: no',
                           not_restored=COMMANDS, missing=COMMANDS,
                           report=['component start b 3 merge'])
        mark = self.ctl.mark()
        third = self.restart(again)
        self.ctl.wait_log('restored with 10 commands', mark)
        self.assertEqual(sorted(third.commands[2:]), sorted(COMMANDS + ['component start b 3 merge']))

    def test_death_during_restoration_is_survived(self):
        self.configure()
        model = Vf(1)
        known = threading.Event()

        def die(_command):
            known.wait(LIMIT)
            again.socket.shutdown(2)

        model.refuse[COMMANDS[3]] = die
        mark = self.ctl.mark()
        self.process.close()
        again = self.connect(model)
        again.model = model
        known.set()
        again.wait_closed()
        self.ctl.wait_log('vf 1 closed the connection', mark)
        mark = self.ctl.mark()
        self.vf(1)
        self.ctl.wait_log('vf 1: configuration restored with 9 commands', mark)

    def test_a_process_that_comes_with_a_configuration_keeps_it(self):
        self.configure()
        other = Vf(1)
        other('component start z 4 merge')
        mark = self.ctl.mark()
        again = self.restart(self.process, answers=other)
        self.ctl.wait_log('restored with 9 commands', mark)
        self.check_restore('restored', 9, extra=['component start z 4 merge'], missing=[])
        # Nobody asked spp-ctl for it, so it does not come back.
        mark = self.ctl.mark()
        third = self.restart(again)
        self.ctl.wait_log('restored with 9 commands', mark)
        self.assertEqual(third.commands[2:], COMMANDS)

    def test_a_process_that_was_told_to_end_starts_empty(self):
        self.configure()
        self.check_empty(self.ctl.request('DELETE', '/v1/vfs/1'))
        again = self.vf(1)
        self.check_restore('none', wish=[])
        self.assertEqual(again.commands, ['_get_client_id', 'status', 'status'])

    def test_mirrors_are_restored_as_well(self):
        process = self.vf(3, answers=Vf(3, 'mirror'))
        self.check_empty(self.ctl.request('POST', '/v1/mirrors/3/components',
                                          {'name': 'm', 'core': 3, 'type': 'mirror'}))
        mark = self.ctl.mark()
        again = self.restart(process, 3, answers=Vf(3, 'mirror'))
        self.ctl.wait_log('mirror 3: configuration restored', mark)
        self.assertEqual(again.commands[2:], ['component start m 3 mirror'])

    def test_a_controller_without_a_file_knows_no_wish_when_it_restarts(self):
        self.configure()
        model = self.process.model
        self.assertEqual(self.ctl.stop(signal.SIGKILL), -signal.SIGKILL)
        self.ctl = self.start()
        mark = self.ctl.mark()
        process = self.vf(1, answers=model)
        self.ctl.wait_log('vf 1: has 9 commands more than is wished; they stay', mark)
        self.assertEqual(process.commands, ['_get_client_id', 'status'])
        answer = self.ctl.get('/v1/vfs/1/restore').json
        self.assertEqual((answer['status'], answer['wish']), ('none', []))
        self.assertEqual(sorted(answer['extra']), sorted(COMMANDS))
        # What was asked for by way of another controller stays as long as the process lives.
        self.assertEqual(self.restart(process).commands, ['_get_client_id', 'status'])


class SwitchedOff(Base):
    options = ('--no-restore',)

    def test_nothing_is_restored_unless_asked_for(self):
        process = self.vf(1)
        self.configure()
        again = self.restart(process)
        self.check_restore('off', 9, not_restored=COMMANDS, missing=COMMANDS)
        self.assertEqual(again.commands, ['_get_client_id', 'status', 'status'])
        mark = self.ctl.mark()
        self.check_empty(self.ctl.request('POST', '/v1/vfs/1/restore'))
        self.ctl.wait_log('vf 1: configuration restored with 9 commands', mark)


class StateDirectory(Base):
    def setUp(self):
        super().setUp()
        self.dir = os.path.join(self.directory(), 'state')
        self.file = os.path.join(self.dir, 'state.json')

    def test_configurations_survive_the_machine(self):
        ctl = self.start('--state-dir', self.dir)
        self.vf(1, ctl)
        self.configure(ctl)
        self.assertEqual(ctl.stop(), 0)
        self.assertEqual(os.listdir(self.dir), ['state.json'])
        self.assertEqual(os.stat(self.file).st_mode & 0o777, 0o600)

        ctl = self.start('--state-dir', self.dir)
        mark = ctl.mark()
        again = self.vf(1, ctl)
        ctl.wait_log('vf 1: configuration restored with 9 commands', mark)
        self.assertEqual(again.commands[2:], COMMANDS)

    def test_a_killed_controller_has_written_what_was_done(self):
        ctl = self.start('--state-dir', self.dir)
        self.vf(1, ctl)
        self.configure(ctl)
        # A process that was told to end is forgotten, and the file is written without it.
        self.check_empty(ctl.request('DELETE', '/v1/vfs/1'))
        self.assertEqual(ctl.stop(), 0)
        with open(self.file, encoding='ascii') as f:
            self.assertEqual(json.load(f), {'version': 1, 'processes': {}})

    def check_damaged(self, content):
        os.makedirs(self.dir, exist_ok=True)
        with open(self.file, 'wb') as f:
            f.write(content)
        ctl = self.start('--state-dir', self.dir)
        warnings = [line for line in ctl.log if 'warning' in line]
        self.assertEqual(len(warnings), 1, ctl.log)
        self.assertIn('state.json is damaged', warnings[0])
        self.assertIn('put aside as', warnings[0])
        again = self.vf(1, ctl)
        self.check_restore('none', ctl=ctl, wish=[])
        self.assertEqual(again.commands, ['_get_client_id', 'status', 'status'])
        with open(self.file + '.damaged', 'rb') as f:
            self.assertEqual(f.read(), content)
        self.assertEqual(ctl.stop(), 0)

    def test_damaged_files_are_put_aside(self):
        component = {'core': '3', 'type': 'merge', 'options': '', 'rx': {}, 'tx': {}}

        def file(**components):
            return json.dumps({'version': 1, 'processes': {'vf 1': {
                'components': components, 'entries': {}}}}).encode()
        for content in (b'', b'{', b'\xff\0', b'[]', b'{"version":2,"processes":{}}',
                        b'{"version":1}', b'{"version":1,"version":1,"processes":{}}',
                        b'{"version":1,"processes":{"x":{}}}',
                        b'{"version":1,"processes":{"vf 200":{"components":{},"entries":{}}}}',
                        file(a={**component, 'core': '3 merge\nexit'}), file(a={}),
                        file(**{'a b': component}), file(a={**component, 'rx': {'phy:0': 5}}),
                        file(a=component)[:-20]):
            self.check_damaged(content)

    def test_an_unusable_directory_ends_the_start(self):
        os.makedirs(os.path.dirname(self.dir), exist_ok=True)
        with open(self.dir, 'w', encoding='ascii'):
            pass
        run = subprocess.run([SPP_CTL, '-p0', '-s0', '-a0', '--state-dir', self.dir],
                             stderr=subprocess.PIPE, text=True, check=False, timeout=30)
        self.assertEqual(run.returncode, 1)
        self.assertEqual(run.stderr, 'spp-ctl: cannot use the state directory %s: Not a directory\n'
                         % self.dir)


if __name__ == '__main__':
    main()
