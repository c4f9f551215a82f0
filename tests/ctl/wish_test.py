#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""What clients asked for is kept apart from what processes report, and is on disk when answered."""
import http.client
import json
import os
import random
import re
import resource
import shutil
import signal
import subprocess
import threading
import time
import unittest

from harness import LIMIT, SUCCESS, Case, Teller, Vf, main

NB_ENTRIES = 4000
CLS = ['component start cls 3 classifier', 'port add ring:0 tx cls']
RX = ['port add phy:0 rx cls', 'port add phy:1 rx cls', 'port add ring:1 rx cls']


def mac(i):
    return '52:54:00:00:%02x:%02x' % (i >> 8, i & 255)


def entry(i):
    return 'classifier_table add mac %s ring:0' % mac(i)


class Fast(Vf):
    """Thousands of entries need a table that is no list."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.entries = {}

    def _classifier_table(self, words):
        key = (words[2], ' '.join(words[3:-1]), words[-1])
        if words[1] == 'add':
            self.entries[key] = True
        else:
            self.entries.pop(key, None)
        return SUCCESS


class Base(Case):
    options = ()

    def setUp(self):
        super().setUp()
        self.dir = os.path.join(self.directory(), 'state')

    def start_kept(self, *options):
        return self.start('--state-dir', self.dir, *options)

    def add(self, ctl, i, action='add', client_id=1):
        return ctl.request('PUT', '/v1/vfs/%d/classifier_table' % client_id,
                           {'action': action, 'type': 'mac', 'port': 'ring:0',
                            'mac_address': mac(i)})

    def component(self, ctl, name, core=3, kind='classifier', client_id=1):
        return ctl.request('POST', '/v1/vfs/%d/components' % client_id,
                           {'name': name, 'core': core, 'type': kind})

    def port(self, ctl, name, port, direction, action='attach', client_id=1):
        return ctl.request('PUT', '/v1/vfs/%d/components/%s/ports' % (client_id, name),
                           {'action': action, 'port': port, 'dir': direction})

    def configure(self, ctl, client_id=1):
        self.check_empty(self.component(ctl, 'cls', client_id=client_id))
        self.check_empty(self.port(ctl, 'cls', 'ring:0', 'tx', client_id=client_id))
        for port in ('phy:0', 'phy:1', 'ring:1'):
            self.check_empty(self.port(ctl, 'cls', port, 'rx', client_id=client_id))

    def saved(self, nb_entries):
        """The file of a machine with one big classifier."""
        os.makedirs(self.dir)
        with open(os.path.join(self.dir, 'state.json'), 'w', encoding='ascii') as f:
            json.dump({'version': 1, 'processes': {'vf 1': {
                'components': {'cls': {'core': '3', 'type': 'classifier', 'options': '',
                                       'rx': {'phy:0': '', 'phy:1': '', 'ring:1': ''},
                                       'tx': {'ring:0': ''}}},
                'entries': {'mac ' + mac(i): {'ring:0': True} for i in range(nb_entries)}}}}, f)
        return CLS + [entry(i) for i in range(nb_entries)] + RX

    def restore(self, ctl, client_id=1):
        answer = ctl.get('/v1/vfs/%d/restore' % client_id)
        self.assertEqual(answer.status, 200, answer.text)
        return answer.json

    def check_wish(self, ctl, wish, report=None, client_id=1):
        answer = self.restore(ctl, client_id)
        report = wish if report is None else report
        self.assertCountEqual(answer['wish'], wish)
        self.assertCountEqual(answer['report'], report)
        self.assertCountEqual(answer['missing'], set(wish) - set(report))
        self.assertCountEqual(answer['extra'], set(report) - set(wish))

    def wish_on_disk(self, *options):
        """What a controller that starts now knows: of a process that came without anything."""
        ctl = self.start('--state-dir', self.dir, '--no-restore', *options)
        process = self.vf(1, ctl)
        wish = self.restore(ctl)['wish']
        self.assertFalse([line for line in ctl.log if 'damaged' in line], ctl.log)
        process.close()
        self.assertEqual(ctl.stop(), 0)
        return wish

    @staticmethod
    def ended(ctl):
        """Clear a killed controller away."""
        ctl.process.wait(LIMIT)
        ctl.reader.join(LIMIT)
        ctl.process.stderr.close()

    def gone(self, ctl, process):
        mark = ctl.mark()
        process.close()
        ctl.wait_log('vf 1 closed the connection', mark)


class Report(Base):
    """A report changes no wish."""

    def test_the_death_of_the_primary_takes_no_wish_along(self):
        ctl = self.start_kept()
        process = self.vf(1, ctl)
        self.configure(ctl)
        for i in range(3):
            self.check_empty(self.add(ctl, i))
        wish = CLS + [entry(i) for i in range(3)] + RX
        self.check_wish(ctl, wish)
        # Without primary, the process stops everything by itself, and somebody looks.
        process.model.components.clear()
        process.model.entries.clear()
        self.assertEqual(ctl.get('/v1/vfs/1').json['components'][0]['type'], 'unuse')
        self.check_wish(ctl, wish, [])
        self.gone(ctl, process)
        self.assertEqual(ctl.stop(), 0)
        self.assertCountEqual(self.wish_on_disk(), wish)

        ctl = self.start_kept()
        mark = ctl.mark()
        again = self.vf(1, ctl)
        ctl.wait_log('vf 1: configuration restored with 8 commands', mark)
        self.assertEqual(again.commands[2:10], wish)
        self.check_wish(ctl, wish)

    def test_what_the_process_has_beyond_the_wish_is_shown_and_stays(self):
        ctl = self.start_kept()
        process = self.vf(1, ctl)
        self.configure(ctl)
        process.model('component start own 4 merge')
        own = ['component start own 4 merge']
        self.check_wish(ctl, CLS + RX, CLS + RX + own)
        self.assertEqual(ctl.get('/v1/vfs/1').status, 200)
        self.check_wish(ctl, CLS + RX, CLS + RX + own)
        # What builds on it is carried out, and the answer says how long that lasts.
        self.check_empty(self.port(ctl, 'own', 'phy:0', 'tx'),
                         'vf 1 has this until it ends only: it builds on what nobody asked '
                         'spp-ctl for')
        # Also over a restart of the controller.
        model = process.model
        self.assertEqual(ctl.stop(signal.SIGKILL), -signal.SIGKILL)
        ctl = self.start_kept()
        mark = ctl.mark()
        again = self.vf(1, ctl, answers=model)
        ctl.wait_log('vf 1: has 2 commands more than is wished; they stay', mark)
        self.assertEqual(self.restore(ctl)['status'], 'none')
        self.assertCountEqual(self.restore(ctl)['extra'], own + ['port add phy:0 tx own'])
        self.assertEqual(again.commands[1:], ['status'] * 3)

    def test_a_conflict_is_named_and_nothing_is_sent(self):
        ctl = self.start_kept()
        self.gone(ctl, (self.vf(1, ctl), self.configure(ctl))[0])
        model = Vf(1)
        model('component start cls 4 merge')
        process = self.vf(1, ctl, answers=model)
        answer = self.restore(ctl)
        self.assertEqual(answer['status'], 'failed')
        self.assertEqual(answer['failed_command'], CLS[0])
        self.assertEqual(answer['message'],
                         'vf 1 has `component start cls 4 merge`, which conflicts')
        self.assertCountEqual(answer['not_restored'], CLS + RX)
        self.assertEqual(answer['extra'], ['component start cls 4 merge'])
        self.assertEqual(process.commands[1:], ['status', 'status'])

    def test_nothing_is_learnt_from_an_unknown_process(self):
        model = Vf(1)
        model(CLS[0])
        ctl = self.start_kept()
        mark = ctl.mark()
        process = self.vf(1, ctl, answers=model)
        ctl.wait_log('vf 1: has 1 commands more than is wished; they stay', mark)
        self.check_wish(ctl, [], CLS[:1])
        self.gone(ctl, process)
        self.assertEqual(ctl.stop(), 0)
        self.assertEqual([name for name in os.listdir(self.dir)
                          if os.path.getsize(os.path.join(self.dir, name)) > 0], [])


class Resumed(Base):
    """A restoration that was cut short goes on."""

    def check_whole(self, ctl, model, wish, mark):
        ctl.wait_log('vf 1: configuration restored with', mark)
        self.assertEqual(len(model.entries), NB_ENTRIES)
        self.assertEqual(len(model.components['cls']['rx']), 3)
        self.check_wish(ctl, wish)

    def test_a_killed_controller_goes_on_where_it_was(self):
        wish, model, ctl = self.saved(NB_ENTRIES), Fast(1), self.start_kept()
        process = self.connect(model, ctl)
        process.wait_command(entry(437))
        self.assertEqual(ctl.stop(signal.SIGKILL), -signal.SIGKILL)
        process.wait_closed()
        before = len(model.entries)
        self.assertTrue(437 <= before < NB_ENTRIES, before)
        ctl = self.start_kept()
        mark = ctl.mark()
        again = self.vf(1, ctl, answers=model)
        ctl.wait_log('vf 1: lacks %d of %d commands' % (len(wish) - 2 - before, len(wish)), mark)
        self.check_whole(ctl, model, wish, mark)
        sent = [c for c in again.commands if c.startswith('classifier_table')]
        self.assertEqual(len(sent), NB_ENTRIES - before)

    def test_a_process_that_stalls_is_completed_when_it_is_back(self):
        wish, model, ctl = self.saved(NB_ENTRIES), Fast(1), self.start_kept()
        model.refuse[entry(437)] = lambda _command: None
        process = self.connect(model, ctl)
        ctl.wait_log('vf 1 did not answer in time')
        process.wait_closed()
        self.assertEqual(len(model.entries), 437)
        model.refuse.clear()
        mark = ctl.mark()
        self.vf(1, ctl, answers=model)
        self.check_whole(ctl, model, wish, mark)
        self.assertEqual(ctl.stop(), 0)
        self.assertCountEqual(self.wish_on_disk(), wish)

    def test_a_look_in_the_middle_changes_nothing(self):
        wish, model, ctl = self.saved(NB_ENTRIES), Fast(1), self.start_kept()
        process = self.connect(model, ctl)
        process.wait_command(entry(437))
        answer = self.restore(ctl)
        self.assertEqual((answer['status'], answer['report']), ('restoring', []))
        self.assertEqual(answer['wish'], answer['missing'])
        self.assertEqual(ctl.stop(signal.SIGKILL), -signal.SIGKILL)
        self.assertCountEqual(self.wish_on_disk(), wish)

    def test_only_what_was_sent_is_taken_back(self):
        self.saved(2)
        model, ctl = Vf(1), self.start_kept()
        for command in CLS + [entry(0)]:
            model(command)
        model.refuse[RX[2]] = json.dumps({'results': [{'result': 'error', 'error_details': {
            'message': 'no'}}]})
        process = self.vf(1, ctl, answers=model)
        ctl.wait_log('vf 1: its configuration was not restored')
        self.assertEqual(process.commands[2:], [entry(1), *RX, 'port del phy:1 rx cls',
                                                'port del phy:0 rx cls',
                                                entry(1).replace(' add ', ' del ')])
        self.check_wish(ctl, CLS + [entry(0), entry(1)] + RX, CLS + [entry(0)])


class Disk(Base):
    """What was answered is on disk, and what cannot be there is not answered with success."""

    def limit(self, ctl, size):
        resource.prlimit(ctl.process.pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))

    def test_a_write_error_takes_the_change_back_and_names_its_cause(self):
        ctl = self.start_kept()
        process = self.vf(1, ctl)
        self.configure(ctl)
        self.check_empty(self.add(ctl, 0))
        wish = CLS + [entry(0)] + RX
        self.limit(ctl, 10)
        text = ('Internal Server Error: cannot save the change: File too large; '
                'vf 1 is as before')
        mark = len(process.commands)
        self.check_error(self.add(ctl, 1), 500, text)
        self.assertEqual(process.commands[mark:], [entry(1), entry(1).replace(' add ', ' del ')])
        # From now on the process is left alone.
        mark = len(process.commands)
        text = ('Internal Server Error: nothing is changed, because the change could not be '
                'saved: File too large')
        for _ in range(2):
            self.check_error(self.component(ctl, 'a', 4, 'merge'), 500, text)
            self.check_error(ctl.request('DELETE', '/v1/vfs/1'), 500, text)
        self.assertEqual(process.commands[mark:], [])
        self.check_wish(ctl, wish)
        # It goes on when there is space.
        self.limit(ctl, resource.RLIM_INFINITY)
        self.check_empty(self.add(ctl, 2))
        self.check_wish(ctl, wish + [entry(2)])
        self.assertEqual(ctl.stop(signal.SIGKILL), -signal.SIGKILL)
        self.assertCountEqual(self.wish_on_disk(), wish + [entry(2)])

    def test_a_stop_that_cannot_be_saved_is_undone(self):
        ctl = self.start_kept()
        self.vf(1, ctl)
        self.configure(ctl)
        self.check_empty(self.add(ctl, 0))
        self.limit(ctl, 10)
        self.check_error(ctl.request('DELETE', '/v1/vfs/1/components/cls'), 500,
                         'Internal Server Error: cannot save the change: File too large; '
                         'vf 1 is as before')
        self.check_wish(ctl, CLS + [entry(0)] + RX)

    def test_a_process_that_cannot_be_put_back_is_named(self):
        ctl = self.start_kept()
        process = self.vf(1, ctl)
        self.configure(ctl)
        self.limit(ctl, 10)
        process.model.refuse['component stop a'] = json.dumps({'results': [{
            'result': 'error', 'error_details': {'message': 'it is stuck'}}]})
        self.check_error(self.component(ctl, 'a', 4, 'merge'), 500,
                         'Internal Server Error: cannot save the change: File too large; '
                         'vf 1 cannot be put back: it is stuck')
        self.check_wish(ctl, CLS + RX, CLS + RX + ['component start a 4 merge'])

    def fill(self, name):
        with open(os.path.join(self.dir, name), 'wb', buffering=0) as f:
            try:
                while True:
                    f.write(bytes(4096))
            except OSError:
                pass

    def test_a_full_disk_changes_nothing(self):
        os.makedirs(self.dir)
        mount = subprocess.run(['mount', '-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', self.dir],
                               stderr=subprocess.PIPE, text=True, check=False)
        if mount.returncode != 0:
            raise unittest.SkipTest(mount.stderr)
        self.addCleanup(subprocess.run, ['umount', '-l', self.dir], check=True)
        ctl = self.start_kept()
        process = self.vf(1, ctl)
        self.configure(ctl)
        self.fill('filler')
        # Space that is set aside may still hold some changes.
        for i in range(NB_ENTRIES):
            answer = self.add(ctl, i)
            if answer.status != 204:
                break
        self.assertEqual(answer.status, 500)
        self.assertIn('No space left on device', answer.text)
        wish = CLS + [entry(n) for n in range(i)] + RX
        self.check_wish(ctl, wish)
        # The controller may just give up a file, whose space is free then.
        for n in range(5):
            time.sleep(0.2)
            self.fill('more%d' % n)
        mark = len(process.commands)
        self.check_error(self.add(ctl, i), 500,
                         'Internal Server Error: nothing is changed, because the change could not '
                         'be saved: No space left on device')
        self.assertEqual(process.commands[mark:], [])
        self.assertEqual(ctl.stop(signal.SIGKILL), -signal.SIGKILL)
        self.assertCountEqual(self.wish_on_disk(), wish)

    def test_a_kill_at_any_time_loses_no_answer(self):
        rng = random.Random(8)
        acknowledged, asked = set(), set()
        self.saved(0)
        for round_ in range(12):
            ctl = self.start_kept('--no-restore')
            model = Fast(1)
            for command in CLS:
                model(command)
            for i in acknowledged:
                model(entry(i))
            self.vf(1, ctl, answers=model)
            timer = threading.Timer(rng.uniform(0.05, 0.5), ctl.process.kill)
            timer.start()
            for i in range(round_ * 1000, round_ * 1000 + 1000):
                asked.add(i)
                try:
                    answer = self.add(ctl, i)
                except (OSError, http.client.HTTPException):
                    break
                self.check_empty(answer)
                acknowledged.add(i)
            timer.join(LIMIT)
            self.ended(ctl)
            wish = {line for line in self.wish_on_disk() if 'mac' in line}
            self.assertFalse({entry(i) for i in acknowledged} - wish, 'lost')
            self.assertFalse(wish - {entry(i) for i in asked}, 'invented')
            acknowledged |= {i for i in asked if entry(i) in wish}
        self.assertGreater(len(acknowledged), 50)

    def traced(self, *inject):
        if shutil.which('strace') is None:
            raise unittest.SkipTest('needs strace')
        log = os.path.join(os.path.dirname(self.dir), 'trace')
        ctl = self.start_kept()
        trace = subprocess.Popen(
            ['strace', '-f', '-y', '-qq', '-o', log, '-p', str(ctl.process.pid), '-e',
             'trace=openat,pwrite64,write,fsync,fdatasync,rename,ftruncate,fallocate,readv,writev',
             *inject], stderr=subprocess.PIPE, text=True)
        deadline = time.monotonic() + LIMIT
        while time.monotonic() < deadline:
            with open('/proc/%d/status' % ctl.process.pid, encoding='ascii') as f:
                if re.search(r'TracerPid:\t[1-9]', f.read()):
                    return ctl, trace, log
            if trace.poll() is not None:
                raise unittest.SkipTest(trace.stderr.read())
        raise AssertionError('strace does not attach')

    def test_syncs_come_in_order(self):
        ctl, trace, log = self.traced()
        self.vf(1, ctl)
        self.check_empty(self.component(ctl, 'cls'))
        self.assertEqual(ctl.stop(), 0)
        trace.wait(LIMIT)
        trace.stderr.close()
        with open(log, encoding='utf-8', errors='replace') as f:
            text = f.read()
        steps = [r'pwrite64\(\d+<[^>]*state.journal>, "\+ vf 1: component', r'fdatasync\(.*journal>',
                 r'HTTP/1.1 204', r'write\(\d+<[^>]*state.json.tmp>', r'fsync\(.*json.tmp>',
                 r'rename\(.*state.json"', r'fsync\(\d+<[^>]*/state>', r'ftruncate\(.*journal>, 0']
        at = 0
        for step in steps:
            match = re.compile(step).search(text, at)
            self.assertIsNotNone(match, '%s after %d in\n%s' % (step, at, text))
            at = match.end()

    def wait_whole_file(self, ctl):
        """The changes have moved from the journal, or the controller is dead."""
        journal = os.path.join(self.dir, 'state.journal')
        deadline = time.monotonic() + LIMIT
        while os.path.getsize(journal) > 0 and ctl.process.poll() is None:
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.01)

    def command(self, ctl, command):
        return ctl.request('POST', '/v1/vfs/1/commands', {'command': command})

    def kill_story(self, ctl):
        """Requests of every kind, the commands they become, and what is wished after each."""
        start, tx, rx = CLS[0], CLS[1], RX[0]
        return (
            (lambda: self.component(ctl, 'cls'), start, [start]),
            (lambda: self.port(ctl, 'cls', 'ring:0', 'tx'), tx, [start, tx]),
            (lambda: self.command(ctl, 'idle 3 busy'), 'idle 3 busy', ['idle 3 busy', start, tx]),
            (lambda: self.add(ctl, 0), entry(0), ['idle 3 busy', start, tx, entry(0)]),
            (lambda: self.command(ctl, 'limit cls 5'), 'limit cls 5',
             ['idle 3 busy', start, tx, entry(0), 'limit cls 5']),
            (lambda: self.command(ctl, 'idle 3 yield'), 'idle 3 yield',
             ['idle 3 yield', start, tx, entry(0), 'limit cls 5']),
            (lambda: self.port(ctl, 'cls', 'phy:0', 'rx'), rx,
             ['idle 3 yield', start, tx, entry(0), 'limit cls 5', rx]),
            (lambda: self.add(ctl, 0, 'del'), entry(0).replace(' add ', ' del '),
             ['idle 3 yield', start, tx, 'limit cls 5', rx]))

    def tell_story(self, ctl):
        """Returns what is wished after the last answer, and with the request after it."""
        wish = []
        for i, (request, _command, then) in enumerate(self.kill_story(ctl)):
            try:
                answer = request()
            except (OSError, http.client.HTTPException):
                return wish, then
            self.assertIn(answer.status, (200, 204), answer.text)
            wish = then
            if i in (1, 5):
                self.wait_whole_file(ctl)
        return wish, wish

    def check_living(self, model, wish):
        """A process that outlived the controller becomes what is wished; what it has beyond stays."""
        report = self.report_of(model)
        ctl = self.start('--state-dir', self.dir)
        process = self.vf(1, ctl, answers=model)
        missing = [line for line in wish if line not in report]
        if missing:
            ctl.wait_log('vf 1: configuration restored with %d commands' % len(missing))
        answer = self.restore(ctl)
        self.assertEqual((answer['wish'], answer['missing']), (wish, []))
        self.assertEqual([c for c in process.commands if c not in ('_get_client_id', 'status')],
                         missing)
        process.close()
        self.assertEqual(ctl.stop(), 0)

    @staticmethod
    def report_of(model):
        before, after = model.lines()
        return before + sum(after.values(), []) + [
            line for name, c in model.components.items() for line in (
                'component start %s %d %s' % (name, c['core'], c['type']),
                *('port add %s %s %s' % (p, d, name) for d in ('tx', 'rx') for p in c[d]))] + [
            'classifier_table add %s %s %s' % e for e in model.entries]

    def check_kill_at(self, call, when):
        """Returns False when the story ended before."""
        ctl, trace, _log = self.traced('-e', 'inject=%s:signal=KILL:when=%d' % (call, when))
        model = Teller(1)
        mark = ctl.mark()
        process = self.connect(model, ctl)
        try:
            ctl.wait_log('vf 1 replied: .*"info"', mark)
            wish, with_next = self.tell_story(ctl)
        except AssertionError:
            if ctl.log[-1:] != ['END OF LOG']:
                raise
            wish, with_next = [], []
        ctl.process.terminate()
        self.ended(ctl)
        trace.wait(LIMIT)
        trace.stderr.close()
        process.close()
        on_disk = self.wish_on_disk()
        self.assertIn(on_disk, (wish, with_next), (call, when))
        self.check_living(model, on_disk)
        shutil.rmtree(self.dir)
        return ctl.process.returncode == -signal.SIGKILL

    def check_kill_at_every(self, *calls):
        for call in calls:
            when = 1
            while self.check_kill_at(call, when):
                when += 1
            # A call that never comes proves nothing.
            self.assertGreater(when, 1, call)

    def test_a_kill_at_every_change_of_a_file_leaves_a_whole_state(self):
        self.check_kill_at_every('pwrite64', 'fdatasync', 'fsync', 'rename', 'ftruncate',
                                 'fallocate', 'openat')

    def test_a_kill_at_every_word_with_others_leaves_a_whole_state(self):
        self.check_kill_at_every('readv', 'writev')

    def test_a_sync_that_fails_refuses_the_change(self):
        ctl, trace, _log = self.traced('-e', 'inject=fdatasync:error=EIO:when=2')
        self.vf(1, ctl)
        # The first one may be that of the change, or that of an empty journal.
        answers = [self.component(ctl, 'cls'), self.component(ctl, 'b', 4, 'merge')]
        failures = [a.text for a in answers if a.status != 204]
        self.assertEqual(failures, ['Internal Server Error: cannot save the change: Input/output '
                                    'error; vf 1 is as before'])
        answer = self.restore(ctl)
        self.assertEqual(answer['wish'], answer['report'])
        self.assertEqual(len(answer['wish']), 1)
        self.assertEqual(ctl.stop(), 0)
        trace.wait(LIMIT)
        trace.stderr.close()
        self.assertEqual(self.wish_on_disk(), answer['wish'])


if __name__ == '__main__':
    main()
