#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""What commands configure that spp-ctl has never heard of: the process tells the lines."""
import json
import os
import resource
import signal
import subprocess
import unittest

from harness import SUCCESS, Case, PagedVf, Teller, Vf, error, main

LIM = ['component start lim 3 limiter', 'port add ring:0 tx lim']
RX = ['port add phy:0 rx lim']


class PagedTeller(Teller, PagedVf):
    """A Teller whose status comes in parts."""


class Base(Case):
    def setUp(self):
        super().setUp()
        self.dir = os.path.join(self.directory(), 'state')

    def start_kept(self, *options):
        return self.start('--state-dir', self.dir, *options)

    def command(self, ctl, command):
        return ctl.request('POST', '/v1/vfs/1/commands', {'command': command})

    def must(self, ctl, *commands):
        for command in commands:
            answer = self.command(ctl, command)
            self.assertEqual(answer.status, 200, answer.text)

    def restore(self, ctl):
        answer = ctl.get('/v1/vfs/1/restore')
        self.assertEqual(answer.status, 200, answer.text)
        return answer.json

    def again(self, ctl, process, answers):
        """The process dies, another one takes its place."""
        mark = ctl.mark()
        process.close()
        ctl.wait_log('vf 1 closed the connection', mark)
        mark = ctl.mark()
        return self.vf(1, ctl, answers=answers), mark


class Wish(Base):
    def test_told_lines_come_back_in_their_places(self):
        ctl = self.start_kept()
        process = self.vf(1, ctl, answers=Teller(1))
        self.must(ctl, *LIM, *RX, 'limit lim 300', 'idle 4 busy', 'idle 3 busy', 'limit lim 500',
                  'idle 3 yield')
        wish = ['idle 4 busy', 'idle 3 yield', *LIM, 'limit lim 500', *RX]
        answer = self.restore(ctl)
        self.assertEqual((answer['wish'], answer['missing'], answer['extra']), (wish, [], []))
        process, mark = self.again(ctl, process, Teller(1))
        ctl.wait_log('vf 1: configuration restored with 6 commands', mark)
        self.assertEqual(process.commands[2:], wish)
        # What the process tells while it is restored changes no wish, nor does its death.
        self.assertEqual(self.restore(ctl)['wish'], wish)
        self.must(ctl, 'limit lim off', 'idle 4 yield')
        self.assertEqual(ctl.stop(signal.SIGKILL), -signal.SIGKILL)
        ctl = self.start_kept()
        mark = ctl.mark()
        process = self.vf(1, ctl, answers=Teller(1))
        ctl.wait_log('vf 1: configuration restored with 5 commands', mark)
        self.assertEqual(process.commands[2:], ['idle 3 yield', 'idle 4 yield', *LIM, *RX])

    def test_a_configuration_of_idle_policies_alone_comes_back(self):
        ctl = self.start_kept()
        process = self.vf(1, ctl, answers=Teller(1))
        self.must(ctl, 'idle 3 busy')
        _, mark = self.again(ctl, process, Teller(1))
        ctl.wait_log('vf 1: configuration restored with 1 commands', mark)

    def test_lines_go_with_their_component(self):
        ctl = self.start_kept()
        self.vf(1, ctl, answers=Teller(1))
        self.must(ctl, *LIM, 'limit lim 300', 'component stop lim')
        self.assertEqual(self.restore(ctl)['wish'], [])

    def test_a_report_of_lines_changes_no_wish(self):
        ctl = self.start_kept()
        process = self.vf(1, ctl, answers=Teller(1))
        self.must(ctl, *LIM)
        process.model('limit lim 300')
        process.model('idle 3 busy')
        answer = self.restore(ctl)
        self.assertEqual(answer['wish'], LIM)
        self.assertEqual(answer['extra'], ['idle 3 busy', 'limit lim 300'])
        process.model.limits.clear()
        self.must(ctl, 'limit lim 500')
        process.model.limits.clear()
        answer = self.restore(ctl)
        self.assertEqual((answer['wish'], answer['missing']),
                         (LIM + ['limit lim 500'], ['limit lim 500']))

    def test_a_refused_command_is_no_wish(self):
        ctl = self.start_kept()
        self.vf(1, ctl, answers=Teller(1))
        self.assertEqual(self.command(ctl, 'idle 9 busy').status, 400)
        self.assertEqual(self.command(ctl, 'limit lim 5').status, 400)
        self.assertEqual(self.restore(ctl)['wish'], [])

    def test_a_process_that_tells_nothing_works_as_before(self):
        ctl = self.start_kept()
        process = self.vf(1, ctl, answers=Vf(1, refuse={'idle 3 busy': SUCCESS}))
        self.must(ctl, *LIM, 'idle 3 busy')
        self.assertEqual(self.restore(ctl)['wish'], LIM)
        self.assertEqual(process.commands, ['_get_client_id', 'status', *LIM, 'idle 3 busy',
                                            'status'])

    def test_lines_of_a_component_of_nobody_are_no_wish(self):
        ctl = self.start_kept()
        process = self.vf(1, ctl, answers=Teller(1))
        self.must(ctl, 'idle 3 busy')
        process.model('component start own 4 limiter')
        answer = self.command(ctl, 'limit own 5')
        self.assertEqual((answer.status, answer.headers['X-SPP-Note']),
                         (200, 'vf 1 has this until it ends only: it builds on what nobody asked '
                          'spp-ctl for'))
        self.assertEqual(self.restore(ctl)['wish'], ['idle 3 busy'])
        _, mark = self.again(ctl, process, Teller(1))
        ctl.wait_log('vf 1: configuration restored with 1 commands', mark)

    def test_lines_are_data_of_a_stranger(self):
        ctl = self.start_kept()
        for told in ({'before': ['exit\nidle 3 busy', 5, '', 'x' * 5000, None]}, {'before': 'idle'},
                     {'after': ['limit lim 5']}, {'after': {'a b': ['limit x 5']}}, [], 7,
                     {'after': {'lim': {'limit': 5}}}, {'gone': ['component start lim 3 limiter']},
                     {'before': ['component start evil 3 merge']}):
            process = self.vf(1, ctl, answers=Vf(1, refuse={'what': json.dumps(
                {'results': [{'result': 'success'}], 'configured': told})}))
            self.must(ctl, 'what')
            self.assertEqual(self.restore(ctl)['wish'], [])
            mark = ctl.mark()
            process.close()
            ctl.wait_log('vf 1 closed the connection', mark)
        self.assertEqual(ctl.stop(), 0)
        ctl = self.start_kept()
        self.assertFalse([line for line in ctl.log if 'damaged' in line], ctl.log)

    def test_a_failed_restoration_says_which_lines_stay(self):
        ctl = self.start_kept()
        process = self.vf(1, ctl, answers=Teller(1))
        self.must(ctl, 'idle 3 busy', *LIM, 'limit lim 5')
        process, mark = self.again(ctl, process, Teller(1, refuse={'limit lim 5': error('no')}))
        ctl.wait_log('vf 1: keeps 1 lines of it, because no command takes them back', mark)
        self.assertEqual(process.commands[2:], ['idle 3 busy', *LIM, 'limit lim 5',
                                                'component stop lim'])
        answer = self.restore(ctl)
        self.assertEqual((answer['status'], answer['failed_command'], answer['report']),
                         ('failed', 'limit lim 5', ['idle 3 busy']))
        process.model.refuse.clear()
        mark = ctl.mark()
        self.check_empty(ctl.request('POST', '/v1/vfs/1/restore'))
        ctl.wait_log('vf 1: configuration restored with 3 commands', mark)


class Status(Base):
    def check_status(self, ctl, **members):
        self.assertEqual(ctl.get('/v1/vfs/1').json['restore'], members)
        self.assertEqual(ctl.get('/v1/vfs/1?max=1').json['restore'], members)

    def test_a_status_says_what_was_not_restored(self):
        ctl = self.start_kept('--no-restore')
        for kind in (Teller, PagedTeller):
            process = self.vf(1, ctl, answers=kind(1))
            self.must(ctl, *LIM, *RX, 'limit lim 3')
            self.check_status(ctl, status='none', not_restored=0)
            process, _ = self.again(ctl, process, kind(1))
            self.check_status(ctl, status='off', not_restored=4)
            mark = ctl.mark()
            self.check_empty(ctl.request('POST', '/v1/vfs/1/restore'))
            ctl.wait_log('vf 1: configuration restored with 4 commands', mark)
            self.check_status(ctl, status='restored', not_restored=0)
            process, _ = self.again(ctl, process, kind(1, refuse={RX[0]: error('no')}))
            mark = ctl.mark()
            self.check_empty(ctl.request('POST', '/v1/vfs/1/restore'))
            ctl.wait_log('vf 1: its configuration was not restored', mark)
            self.check_status(ctl, status='failed', not_restored=4, failed_command=RX[0],
                              message='no')
            self.must(ctl, 'component stop lim')
            mark = ctl.mark()
            process.close()
            ctl.wait_log('vf 1 closed the connection', mark)


class NotRestored(Base):
    """A request to a process that came back empty and was not restored."""

    def setUp(self):
        super().setUp()
        self.kept = self.start_kept('--no-restore')
        process = self.vf(1, self.kept)
        self.must(self.kept, 'component start cls 3 classifier', 'port add ring:0 tx cls',
                  'port add ring:1 tx cls', 'port add phy:0 rx cls',
                  'classifier_table add mac 52:54:00:12:34:56 ring:0')
        self.process, _ = self.again(self.kept, process, Vf(1))
        self.wish = self.restore(self.kept)['wish']

    def check_refused(self, command, rival):
        mark = len(self.process.commands)
        self.check_error(self.command(self.kept, command), 400,
                         'vf 1 was not restored, and its wish has `%s`, which conflicts: restore '
                         'it with POST /v1/vfs/1/restore, or stop or detach first what that '
                         'command names' % rival)
        self.assertEqual(self.process.commands[mark:], [])

    def test_it_changes_the_wish_by_itself_only(self):
        self.must(self.kept, 'component start b 4 merge', 'port add phy:1 rx b',
                  'component start cls 3 classifier', 'port add ring:5 tx cls')
        self.assertCountEqual(self.restore(self.kept)['wish'], self.wish + [
            'component start b 4 merge', 'port add phy:1 rx b', 'port add ring:5 tx cls'])
        mark = self.kept.mark()
        self.check_empty(self.kept.request('POST', '/v1/vfs/1/restore'))
        self.kept.wait_log('vf 1: configuration restored with 4 commands', mark)

    def test_what_the_wish_cannot_take_is_refused_with_the_remedy(self):
        self.check_refused('component start cls 4 classifier', 'component start cls 3 classifier')
        self.check_refused('component start cls 03 merge', 'component start cls 3 classifier')
        self.must(self.kept, 'component start b 4 forward')
        self.check_refused('port add phy:0 rx b', 'port add phy:0 rx cls')
        self.check_refused('port add ring:1 tx b', 'port add ring:1 tx cls')
        self.check_refused('classifier_table add mac 52:54:00:12:34:56 ring:1',
                           'classifier_table add mac 52:54:00:12:34:56 ring:0')
        self.assertCountEqual(self.restore(self.kept)['wish'],
                              self.wish + ['component start b 4 forward'])
        # The remedies: give up what stands in the way, or restore.
        self.check_empty(self.kept.request('DELETE', '/v1/vfs/1/components/cls'),
                         "no component 'cls' to stop")
        self.must(self.kept, 'component start cls 4 merge')
        self.assertEqual(self.restore(self.kept)['wish'],
                         ['component start b 4 forward', 'component start cls 4 merge'])

    def test_a_restored_process_decides_by_itself(self):
        mark = self.kept.mark()
        self.check_empty(self.kept.request('POST', '/v1/vfs/1/restore'))
        self.kept.wait_log('vf 1: configuration restored', mark)
        answer = self.command(self.kept, 'component start cls 4 classifier')
        self.assertEqual(answer.headers['X-SPP-Note'], "component 'cls' runs already")


class Disk(Base):
    def limit(self, ctl, size):
        resource.prlimit(ctl.process.pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))

    def test_lines_that_cannot_be_saved_are_taken_back(self):
        ctl = self.start_kept()
        process = self.vf(1, ctl, answers=Teller(1))
        self.must(ctl, 'idle 3 busy')
        self.limit(ctl, 10)
        mark = len(process.commands)
        self.check_error(self.command(ctl, 'idle 3 yield'), 500,
                         'Internal Server Error: cannot save the change: File too large; '
                         'vf 1 is as before')
        self.assertEqual(process.commands[mark:], ['idle 3 yield', 'idle 3 busy'])
        self.check_error(self.command(ctl, 'idle 3 yield'), 500,
                         'Internal Server Error: nothing is changed, because the change could not '
                         'be saved: File too large')
        self.assertEqual(process.commands[mark + 2:], [])
        self.assertEqual(self.restore(ctl)['wish'], ['idle 3 busy'])

    def test_a_line_that_nothing_takes_back_is_named(self):
        ctl = self.start_kept()
        self.vf(1, ctl, answers=Teller(1))
        self.must(ctl, *LIM)
        self.limit(ctl, 10)
        self.check_error(self.command(ctl, 'idle 3 yield'), 500,
                         'Internal Server Error: cannot save the change: File too large; vf 1 '
                         'cannot be put back: no command is known that takes back `idle 3 yield`')
        answer = self.restore(ctl)
        self.assertEqual((answer['wish'], answer['extra']), (LIM, ['idle 3 yield']))

    def fill(self):
        with open(os.path.join(self.dir, 'filler'), 'ab', buffering=0) as f:
            for size in (4096, 1):
                try:
                    while True:
                        f.write(bytes(size))
                except OSError:
                    pass

    def test_a_full_disk_refuses_each_kind_of_change(self):
        os.makedirs(self.dir)
        mount = subprocess.run(['mount', '-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', self.dir],
                               stderr=subprocess.PIPE, text=True, check=False)
        if mount.returncode != 0:
            raise unittest.SkipTest(mount.stderr)
        self.addCleanup(subprocess.run, ['umount', '-l', self.dir], check=True)
        ctl = self.start_kept()
        process = self.vf(1, ctl, answers=Teller(1))
        self.must(ctl, *LIM, *RX, 'limit lim 300', 'idle 3 busy',
                  'classifier_table add mac 52:54:00:00:00:01 ring:0')
        wish = self.restore(ctl)['wish']
        # Space that is set aside holds some changes; they change back and forth.
        rate = 0
        while ctl.get('/v1/vfs/1').status == 200:
            self.fill()
            rate += 1
            answer = self.command(ctl, 'limit lim %d' % rate)
            if answer.status != 200:
                break
        self.assertEqual(answer.status, 500)
        self.assertIn('No space left on device', answer.text)
        text = ('Internal Server Error: nothing is changed, because the change could not be saved: '
                'No space left on device')
        kept = self.restore(ctl)
        self.assertEqual((kept['missing'], kept['extra']), ([], []))
        self.fill()
        mark = len(process.commands)
        entry = {'action': 'del', 'type': 'mac', 'port': 'ring:0',
                 'mac_address': '52:54:00:00:00:01'}
        port = {'action': 'attach', 'port': 'ring:7', 'dir': 'tx'}
        url = '/v1/vfs/1/'
        for method, path, body in (
                ('POST', 'components', {'name': 'a', 'core': 4, 'type': 'merge'}),
                ('DELETE', 'components/lim', None),
                ('PUT', 'components/lim/ports', port),
                ('PUT', 'components/lim/ports', {**port, 'port': 'ring:0', 'action': 'detach'}),
                ('PUT', 'classifier_table', entry),
                ('PUT', 'classifier_table', {**entry, 'action': 'add',
                                             'mac_address': '52:54:00:00:00:02'}),
                ('POST', 'commands', {'command': 'idle 3 yield'}),
                ('POST', 'commands', {'command': 'limit lim off'}),
                ('POST', 'commands', {'command': 'component stop lim'})):
            self.check_error(ctl.request(method, url + path, body), 500, text)
        self.check_error(ctl.request('DELETE', '/v1/vfs/1'), 500, text)
        self.assertEqual(process.commands[mark:], [])
        answer = self.restore(ctl)
        self.assertEqual((answer['wish'], answer['report']), (kept['wish'], kept['report']))
        # What does not change a wish goes on, and so does all of it with space.
        self.assertEqual(ctl.get('/v1/vfs/1/restore').status, 200)
        os.unlink(os.path.join(self.dir, 'filler'))
        self.must(ctl, 'limit lim 300')
        self.assertEqual(self.restore(ctl)['wish'], wish)
        self.assertEqual(ctl.stop(), 0)


if __name__ == '__main__':
    main()
