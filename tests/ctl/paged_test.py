#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Processes with large tables, which they give in pages."""
import http.client
import json
import socket
import threading
import time

from harness import LIMIT, Case, PagedVf, Vf, error, main
from process_test import Background

# spp-ctl takes about 6 MB with a page of 4096 entries.
MEMORY_KB = 32 * 1024
PAGE = 'status classifier_table from %s max 4096'
START = {'name': 'a', 'core': 4, 'type': 'merge'}


class Base(Case):
    def big(self, nb, **kwargs):
        """An spp_vf with nb entries; the controller has seen what it needs to see of it."""
        model, mark = PagedVf(1, nb=nb, **kwargs), self.ctl.mark()
        process = self.connect(model)
        process.model = model
        self.ctl.wait_log('vf 1: has %d commands more than is wished' % (nb + 2), mark)
        return process

    def memory_kb(self):
        with open('/proc/%d/status' % self.ctl.process.pid, encoding='ascii') as f:
            return next(int(line.split()[1]) for line in f if line.startswith('VmHWM'))

    def page(self, query):
        answer = self.ctl.get('/v1/vfs/1?' + query)
        self.assertEqual(answer.status, 200, answer.text)
        return answer.json

    @staticmethod
    def expected(model):
        info = model.info()
        del info['classifier_table']
        return info


class Whole(Base):
    """GET /v1/vfs/{id} shows all of it, and nobody has to wait for that."""

    def check_whole(self, answer, model):
        self.assertEqual(answer.status, 200, answer.text[:200])
        self.assertEqual(answer.headers['Content-Type'], 'application/json')
        shown = answer.json
        table = shown.pop('classifier_table')
        self.assertEqual(table, [model.entry(i) for i in range(model.total())])
        self.assertEqual(set(shown),
                         {'client-id', 'ports', 'master-lcore', 'components', 'restore'})
        self.assertEqual(shown['components'], model.info()['core'])

    def check_size(self, nb):
        process = self.big(nb)
        self.assertEqual(process.commands, ['_get_client_id', 'status brief'])
        begin = time.monotonic()
        answer = self.ctl.get('/v1/vfs/1')
        print('%d entries in %.1f s, %d kB' % (nb, time.monotonic() - begin, self.memory_kb()))
        self.check_whole(answer, process.model)
        self.assertEqual(process.commands[2:4], ['status brief', PAGE % '0'])
        self.assertEqual(process.commands[-1], PAGE % ('@%d' % (nb - nb % 4096)))
        self.assertLess(self.memory_kb(), MEMORY_KB)
        # The connection has not flapped.
        self.assertEqual(process.commands.count('_get_client_id'), 1)
        self.assertFalse(process.closed.is_set())

    def test_200000_entries(self):
        self.check_size(200000)

    def test_a_million_entries(self):
        self.check_size(1000000)

    def test_a_small_table_is_answered_in_one_piece(self):
        process = self.big(4096)
        answer = self.ctl.get('/v1/vfs/1')
        self.assertEqual(answer.headers['Content-Length'], str(len(answer.body)))
        self.check_whole(answer, process.model)
        self.assertEqual(process.commands[2:], ['status brief', PAGE % '0'])

    def test_others_are_served_between_pages(self):
        process, at, go = self.big(20000), threading.Event(), threading.Event()
        command = PAGE % '@8192'

        def wait(_command):
            at.set()
            go.wait(LIMIT)
            del process.model.refuse[command]
            return process.model(command)
        process.model.refuse[command] = wait
        whole = Background(self.ctl, 'GET', '/v1/vfs/1')
        self.assertTrue(at.wait(LIMIT))
        self.assertEqual(self.ctl.get('/v1/processes').status, 200)
        mark = self.ctl.mark()
        start = Background(self.ctl, 'POST', '/v1/vfs/1/components', START)
        self.ctl.wait_log('POST /v1/vfs/1/components called', mark)
        go.set()
        self.check_empty(start.result())
        self.check_error_free(whole.result(), process)
        self.assertLess(process.commands.index('component start a 4 merge'),
                        process.commands.index(PAGE % '@12288'))

    def check_error_free(self, answer, process):
        self.assertEqual(answer.status, 200)
        self.assertEqual(len(answer.json['classifier_table']), process.model.total())

    def test_an_answer_that_breaks_off_is_seen_to(self):
        process = self.big(20000)
        for reply in (error('error occur: no memory'), lambda _command: '{"results":1}',
                      '{"results":[{"result":"success"}],"info":{"classifier_table":[],"tables":'
                      '{"classifier_table":{"total":20000,"next":"@8192"}}}}'):
            mark = self.ctl.mark()
            process.model.refuse[PAGE % '@8192'] = reply
            with self.assertRaises(http.client.IncompleteRead):
                self.ctl.get('/v1/vfs/1')
            self.ctl.wait_log('vf 1: an answer is cut off in the middle of the table', mark)
        process.model.refuse.clear()
        self.check_whole(self.ctl.get('/v1/vfs/1'), process.model)

    def test_a_process_that_dies_breaks_the_answer_off(self):
        process = self.big(20000)
        process.model.refuse[PAGE % '@8192'] = (
            lambda _command: process.socket.shutdown(socket.SHUT_RDWR))
        with self.assertRaises(http.client.IncompleteRead):
            self.ctl.get('/v1/vfs/1')
        self.check_json(self.ctl.get('/v1/processes'), [])

    def test_an_error_before_the_first_page_is_an_error(self):
        process = self.big(20000)
        process.model.refuse[PAGE % '0'] = error('error occur: no memory')
        self.check_error(self.ctl.get('/v1/vfs/1'), 400, 'command error: error occur: no memory')
        process.model.refuse['status brief'] = '{"results":[{"result":"success"}],"info":{}}'
        self.check_error(self.ctl.get('/v1/vfs/1'), 500, 'Internal Server Error: the status of the '
                                                         'process lacks what it must have')

    def test_a_client_that_hangs_up_is_forgotten(self):
        process, gone = self.big(200000), threading.Event()
        command = PAGE % '@8192'
        with socket.create_connection(('127.0.0.1', self.ctl.rest_port), timeout=LIMIT) as s:
            def wait(_command):
                del process.model.refuse[command]
                gone.wait(LIMIT)
                return process.model(command)
            process.model.refuse[command] = wait
            s.sendall(b'GET /v1/vfs/1 HTTP/1.1\r\nHost: localhost\r\n\r\n')
            process.wait_command(command)
        gone.set()
        # In its turn this comes behind the page that is on its way.
        self.check_empty(self.ctl.request('POST', '/v1/vfs/1/components', START))
        mark = len(process.commands)
        self.assertEqual(self.page('max=1')['classifier_table'], [process.model.entry(0)])
        self.assertNotIn(PAGE % '@196608', process.commands[mark:])

    def test_head_and_http_1_0(self):
        process = self.big(5000)
        head = self.ctl.raw(b'HEAD /v1/vfs/1 HTTP/1.1\r\nHost: localhost\r\n'
                            b'Connection: close\r\n\r\n')
        self.assertTrue(head.startswith(b'HTTP/1.1 200 OK\r\n'), head[:100])
        self.assertTrue(head.endswith(b'\r\n\r\n'), head[-100:])
        old = self.ctl.raw(b'GET /v1/vfs/1 HTTP/1.0\r\n\r\n')
        table = json.loads(old.split(b'\r\n\r\n', 1)[1])['classifier_table']
        self.assertEqual(table, [process.model.entry(i) for i in range(5000)])

    def test_a_connection_serves_one_answer_after_the_other(self):
        process = self.big(5000)
        connection = http.client.HTTPConnection('127.0.0.1', self.ctl.rest_port, timeout=LIMIT)
        for _ in range(3):
            connection.request('GET', '/v1/vfs/1')
            self.assertEqual(len(json.loads(connection.getresponse().read())['classifier_table']),
                             process.model.total())
        connection.close()

    def test_lists_need_no_table(self):
        process = self.big(200000)
        self.check_json(self.ctl.get('/v1/cpu_usage'), [
            {'proc-type': 'vf', 'client-id': 1, 'master-lcore': 2, 'lcores': [2, 3, 4]}])
        self.assertEqual(process.commands[2:], ['status brief'])


class Notes(Base):
    """What a process says beside its status reaches the client."""

    def check_note(self, nb):
        process = self.big(nb)
        brief = json.loads(process.model('status brief'))
        brief['results'][0]['note'] = 'the primary has gone'
        process.model.refuse['status brief'] = json.dumps(brief)
        self.assertEqual(self.ctl.get('/v1/vfs/1').headers['X-SPP-Note'], 'the primary has gone')

    def test_the_note_comes_with_a_table_of_one_page(self):
        self.check_note(10)

    def test_the_note_comes_with_a_table_in_pieces(self):
        self.check_note(5000)


class Pages(Base):
    def test_pages_follow_each_other(self):
        process, shown, query = self.big(10), [], 'max=4'
        while query:
            page = self.page(query)
            shown += page['classifier_table']
            self.assertEqual(page['classifier_table_total'], 10)
            self.assertEqual(page['components'], process.model.info()['core'])
            place = page.get('classifier_table_next')
            query = place and 'max=4&from=%40' + place[1:]
        self.assertEqual(shown, [process.model.entry(i) for i in range(10)])
        self.assertEqual(self.page('from=7')['classifier_table'],
                         [process.model.entry(i) for i in (7, 8, 9)])
        self.assertEqual(self.page('max=0')['classifier_table'], [])

    def test_a_process_without_pages_has_them_all_the_same(self):
        model = Vf(1)
        for command in ('component start cls 3 classifier', 'port add ring:0 tx cls'):
            model(command)
        for i in range(5):
            model('classifier_table add mac 02:00:00:00:00:0%d ring:0' % i)
        self.vf(1, answers=model)
        table = model.info()['classifier_table']
        page = self.page('max=2')
        self.assertEqual((page['classifier_table'], page['classifier_table_next'],
                          page['classifier_table_total']), (table[:2], '2', 5))
        page = self.page('from=2&max=4096')
        self.assertEqual(page['classifier_table'], table[2:])
        self.assertNotIn('classifier_table_next', page)
        self.assertEqual(self.page('from=99')['classifier_table'], [])
        self.check_error(self.ctl.get('/v1/vfs/1?from=x'), 400, 'invalid key(from): x.')

    def test_wrong_queries_are_refused(self):
        process = self.big(10)
        mark = len(process.commands)
        for value in ('4097', '-1', 'x', '', '1x', '99999999999999999999999'):
            self.check_error(self.ctl.get('/v1/vfs/1?max=' + value), 400,
                             'invalid key(max): %s.' % value)
        for value in ('a%20b', 'a%0Ab', 'x' * 64):
            self.assertEqual(self.ctl.get('/v1/vfs/1?from=' + value).status, 400)
        self.assertEqual(process.commands[mark:], [])
        process.model.refuse['status classifier_table from x max 1'] = error(
            "Invalid value (from): 'x' is no place")
        self.check_error(self.ctl.get('/v1/vfs/1?from=x&max=1'), 400,
                         "command error: Invalid value (from): 'x' is no place")
        self.assertEqual(len(self.page('other=1')['classifier_table']), 10)


class Wish(Base):
    """What is restored is found out page by page."""

    def entry(self, i):
        return 'classifier_table add mac 02:00:00:%02x:%02x:%02x ring:0' % (
            i >> 16, i >> 8 & 255, i & 255)

    def ask(self, i):
        self.check_empty(self.ctl.request('PUT', '/v1/vfs/1/classifier_table', {
            'action': 'add', 'type': 'mac', 'port': 'ring:0',
            'mac_address': self.entry(i).split(' ')[3]}))

    def configured(self):
        """An spp_vf that has 3 entries by request, and what is missing when it is back."""
        process = self.vf(1, answers=PagedVf(1))
        self.check_empty(self.ctl.request('POST', '/v1/vfs/1/components', {
            'name': 'cls', 'core': 3, 'type': 'classifier'}))
        self.check_empty(self.ctl.request('PUT', '/v1/vfs/1/components/cls/ports', {
            'action': 'attach', 'port': 'ring:0', 'dir': 'tx'}))
        for i in (5, 19999, 20000):
            self.ask(i)
        mark = self.ctl.mark()
        process.close()
        self.ctl.wait_log('vf 1 closed the connection', mark)

    def test_only_what_is_missing_is_sent(self):
        self.configured()
        mark, model = self.ctl.mark(), PagedVf(1, nb=20000)
        process = self.connect(model)
        self.ctl.wait_log('vf 1: configuration restored with 1 commands', mark)
        self.ctl.wait_log('vf 1: has 19998 commands more than is wished', mark)
        self.assertEqual(process.commands, ['_get_client_id', 'status brief'] + [
            PAGE % place for place in ('0', '@4096', '@8192', '@12288', '@16384')] + [
                self.entry(20000)])
        answer = self.ctl.get('/v1/vfs/1/restore').json
        self.assertEqual((answer['status'], answer['missing']), ('restored', []))
        self.assertEqual(len(answer['extra']), 4096)
        self.assertEqual(answer['not_listed'], 19998 - 4096)

    def test_nothing_is_restored_by_half_a_report(self):
        self.configured()
        mark, model = self.ctl.mark(), PagedVf(1, nb=20000)
        model.refuse[PAGE % '@8192'] = error('error occur: no memory')
        process = self.connect(model)
        process.wait_command(PAGE % '@8192')
        self.assertEqual(self.ctl.get('/v1/processes').status, 200)
        answer = self.ctl.get('/v1/vfs/1/restore')
        self.check_error(answer, 500, 'Internal Server Error: error occur: no memory')
        self.assertFalse([c for c in process.commands if c.startswith('classifier_table')])
        self.ctl.wait_log('vf 1: nothing is restored, because it did not say what it has: error '
                          'occur: no memory; POST to its /restore tries again', mark)
        model.refuse.clear()
        self.check_empty(self.ctl.request('POST', '/v1/vfs/1/restore'))
        self.ctl.wait_log('vf 1: configuration restored with 1 commands', mark)

    def test_a_stranger_with_a_large_table_is_not_learnt(self):
        process = self.big(200000)
        self.assertEqual(process.commands, ['_get_client_id', 'status brief'])
        answer = self.ctl.get('/v1/vfs/1/restore').json
        self.assertEqual((answer['status'], answer['wish'], answer['missing']), ('none', [], []))
        self.assertEqual(len(answer['report']), 4096 + 2)
        self.assertEqual(answer['not_listed'], 200000 - 4096)
        self.assertEqual(process.commands[2:], ['status brief', PAGE % '0'])

    def test_pages_without_end_come_to_an_end(self):
        self.configured()
        model = PagedVf(1, nb=20000)
        page = json.loads(model(PAGE % '0'))
        page['info']['tables']['classifier_table']['next'] = '0'
        model.refuse[PAGE % '0'] = json.dumps(page)
        process = self.connect(model)
        process.wait_command(PAGE % '0')
        self.check_error(self.ctl.get('/v1/vfs/1/restore'), 500,
                         'Internal Server Error: vf 1: its status lacks what it must have')
        self.assertFalse([c for c in process.commands if c.startswith('classifier_table')])


if __name__ == '__main__':
    main()
