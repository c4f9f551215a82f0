#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Processes that misbehave: none of them may harm, or delay, the requests of others."""
import json
import socket
import threading

from harness import Case, LIMIT, SUCCESS, Vf, main, read_all

START = {'name': 'a', 'core': 3, 'type': 'merge'}
COMMAND = 'component start a 3 merge'


class Background(threading.Thread):
    """A request that somebody else waits for."""

    def __init__(self, ctl, *args):
        super().__init__(daemon=True)
        self.ctl, self.args, self.answer = ctl, args, None
        self.start()

    def run(self):
        self.answer = self.ctl.request(*self.args)

    def result(self):
        self.join(LIMIT)
        return self.answer


class Replies(Case):
    def check_start(self, reply, client_id=1):
        process = self.vf(client_id, answers=Vf(client_id, refuse={COMMAND: reply}))
        answer = self.ctl.request('POST', '/v1/vfs/%d/components' % client_id, START)
        return process, answer

    def test_a_reply_in_pieces_is_put_together(self):
        text = SUCCESS.encode() + b'\n'
        process = self.vf(1, answers=Vf(1, refuse={COMMAND: [text[i:i + 1] for i in range(len(text))]}))
        for _ in text:
            process.more.release()
        self.check_empty(self.ctl.request('POST', '/v1/vfs/1/components', START))
        self.check_empty(self.ctl.request('DELETE', '/v1/vfs/1/components/b'),
                         "no component 'b' to stop")

    def test_a_reply_needs_no_newline(self):
        for i, text in enumerate((SUCCESS, '{"results":[{"result":"success","note":"} \\" {"}]}')):
            _, answer = self.check_start(text.encode(), i + 1)
            self.assertEqual(answer.status, 204)

    def test_long_replies_are_read_whole(self):
        for i, size in enumerate((4095, 4096, 4097, 65536, 1000000)):
            model = Vf(i + 1)
            self.vf(i + 1, answers=model)
            entries = [{'type': 'mac', 'port': 'ring:0', 'value': 'default', 'x': 'y' * size}]
            info = {**model.info(), 'classifier_table': entries}
            model.refuse['status'] = json.dumps({'results': [{'result': 'success'}], 'info': info})
            self.assertEqual(self.ctl.get('/v1/vfs/%d' % (i + 1)).json['classifier_table'], entries)

    def test_half_a_reply_ends_in_an_honest_answer(self):
        process, answer = self.check_start(SUCCESS[:20].encode())
        self.check_error(answer, 500, 'Internal Server Error: vf 1 did not answer in time')
        process.wait_closed()
        self.check_error(self.ctl.get('/v1/vfs/1'), 404, 'sec_id 1 not found.')

    def test_garbage_is_reported_and_the_next_request_works(self):
        for i, reply in enumerate((b'what?\n', b'[]\n', b'{"results":5}\n', b'{"a":}\n', b'5\n',
                                   b'{"results":[{"result":"maybe"}]}', b'\xff\xfe\n')):
            process, answer = self.check_start(reply, i + 1)
            self.assertEqual(answer.status, 500)
            self.assertRegex(answer.text, '^Internal Server Error: vf %d: its reply ' % (i + 1))
            self.check_empty(self.ctl.request('DELETE', '/v1/vfs/%d/components/b' % (i + 1)),
                             "no component 'b' to stop")
            self.assertFalse(process.closed.is_set())

    def test_glued_replies_are_never_taken_for_the_next(self):
        process, answer = self.check_start((SUCCESS + '\n{"results":[{"result":"success",'
                                                      '"note":"of nobody"}]}\n').encode())
        self.check_empty(answer)
        process.wait_closed()
        self.ctl.wait_log('vf 1 sent data that nobody asked for')
        self.check_error(self.ctl.request('DELETE', '/v1/vfs/1/components/a'), 404,
                         'sec_id 1 not found.')
        self.vf(1)
        self.check_empty(self.ctl.request('DELETE', '/v1/vfs/1/components/b'),
                         "no component 'b' to stop")

    def test_padding_between_replies_is_ignored(self):
        self.check_start(SUCCESS.encode() + b'\r\n\0\0 \n')
        self.check_empty(self.ctl.request('DELETE', '/v1/vfs/1/components/b'),
                         "no component 'b' to stop")

    def test_unasked_data_ends_the_connection(self):
        process = self.vf(1)
        process.socket.sendall(b'{"hello":1}\n')
        process.wait_closed()
        self.check_json(self.ctl.get('/v1/processes'), [])

    def test_a_process_without_framing_gets_no_newline(self):
        process = self.vf(1, framing=False)
        self.check_empty(self.ctl.request('POST', '/v1/vfs/1/components', START))
        self.assertEqual(process.commands, ['_get_client_id', 'status', COMMAND])


class Isolation(Case):
    def test_a_hung_process_delays_nobody_else(self):
        hung = self.vf(1, answers=Vf(1, refuse={COMMAND: None}))
        self.vf(2)
        waiting = Background(self.ctl, 'POST', '/v1/vfs/1/components', START)
        hung.wait_command(COMMAND)
        self.check_json(self.ctl.get('/v1/processes'), [{'type': 'vf', 'client-id': 1},
                                                        {'type': 'vf', 'client-id': 2}])
        self.check_empty(self.ctl.request('POST', '/v1/vfs/2/components', START))
        self.assertEqual(self.ctl.get('/v1/vfs/2').status, 200)
        self.check_error(waiting.result(), 500,
                         'Internal Server Error: vf 1 did not answer in time')
        # What was answered meanwhile stands before the end of the hung one in the log.
        self.ctl.wait_log('did not answer in time')
        lines = '\n'.join(self.ctl.log)
        self.assertLess(lines.index('GET /v1/vfs/2 called'), lines.index('did not answer in time'))
        self.check_json(self.ctl.get('/v1/processes'), [{'type': 'vf', 'client-id': 2}])

    def test_what_waits_behind_a_hung_command_is_answered_too(self):
        hung = self.vf(1, answers=Vf(1, refuse={COMMAND: None}))
        first = Background(self.ctl, 'POST', '/v1/vfs/1/components', START)
        hung.wait_command(COMMAND)
        for request in [Background(self.ctl, 'GET', '/v1/vfs/1') for _ in range(5)]:
            self.check_error(request.result(), 500, 'Internal Server Error: vf 1 is busy with '
                                                    'other commands, try again')
        self.check_error(first.result(), 500, 'Internal Server Error: vf 1 did not answer in time')

    def test_cpu_usage_does_not_wait_for_the_hung(self):
        model = Vf(1)
        self.vf(1, answers=model)
        self.vf(2)
        model.refuse['status'] = None
        usage = self.ctl.get('/v1/cpu_usage')
        self.check_json(usage, [
            {'proc-type': 'vf', 'client-id': n, 'master-lcore': 2, 'lcores': [2, 3, 4]}
            for n in (1, 2)])
        # The process last reported these, and the controller gives it up only afterwards.
        self.ctl.wait_log('vf 1 did not answer in time')
        self.check_json(self.ctl.get('/v1/cpu_usage'), usage.json[1:])

    def test_a_burst_of_requests_keeps_its_order_and_its_limit(self):
        slow = Vf(1)
        process = self.vf(1, answers=slow)
        release = threading.Event()

        def wait(_command):
            release.wait(LIMIT)
            return SUCCESS
        slow.refuse[COMMAND] = wait
        first = Background(self.ctl, 'POST', '/v1/vfs/1/components', START)
        process.wait_command(COMMAND)
        mark = self.ctl.mark()
        others = [Background(self.ctl, 'DELETE', '/v1/vfs/1/components/b') for _ in range(80)]
        self.ctl.wait_log('has too many commands waiting', mark)
        release.set()
        self.check_empty(first.result())
        answers = [request.result() for request in others]
        self.assertEqual({(a.status, a.text) for a in answers},
                         {(204, ''), (500, 'Internal Server Error: vf 1 has too many commands '
                                           'waiting, try again')})

    def test_silent_connections_do_not_lock_secondaries_out(self):
        silent = [socket.create_connection(('127.0.0.1', self.ctl.secondary_port), timeout=LIMIT)
                  for _ in range(20)]
        self.vf(1)
        self.check_json(self.ctl.get('/v1/processes'), [{'type': 'vf', 'client-id': 1}])
        for s in silent:
            self.assertEqual(read_all(s), b'_get_client_id')
            s.close()

    def test_bad_introductions_are_refused(self):
        def hello(**members):
            return json.dumps({'results': [{'result': 'success'}], **members})
        for reply in (b'garbage\n', b'[1]\n', hello(), hello(client_id=1),
                      hello(client_id=0, process_type='vf'), hello(client_id=128, process_type='vf'),
                      hello(client_id='1', process_type='vf'), hello(client_id=-1, process_type='nfv'),
                      hello(client_id=1, process_type='primary'), hello(client_id=1, process_type='x'),
                      '{"results":[{"result":"error"}],"client_id":1,"process_type":"vf"}'):
            mark = self.ctl.mark()
            process = self.connect(lambda command, reply=reply: reply)
            self.ctl.wait_log('is refused: get process id failed', mark)
            process.wait_closed()
        self.check_json(self.ctl.get('/v1/processes'), [])

    def test_sixteen_processes_at_a_time(self):
        for n in range(1, 17):
            self.vf(n)
        self.check_json(self.ctl.get('/v1/processes'),
                        [{'type': 'vf', 'client-id': n} for n in range(1, 17)])
        requests = [Background(self.ctl, 'POST', '/v1/vfs/%d/components' % n, START)
                    for n in range(1, 17)]
        for request in requests:
            self.check_empty(request.result())
        self.assertEqual([u['lcores'] for u in self.ctl.get('/v1/cpu_usage').json],
                         [[2, 3, 4]] * 16)


class LifeAndDeath(Case):
    def test_a_dead_process_leaves_the_list_by_itself(self):
        process = self.vf(1)
        process.close()
        self.ctl.wait_log('vf 1 closed the connection')
        self.check_json(self.ctl.get('/v1/processes'), [])

    def test_a_process_that_only_closes_its_sending_side_is_gone(self):
        process = self.vf(1)
        process.socket.shutdown(socket.SHUT_WR)
        process.wait_closed()
        self.check_json(self.ctl.get('/v1/processes'), [])

    def test_death_under_a_command_is_said(self):
        model = Vf(1)
        process = self.vf(1, answers=model)
        model.refuse[COMMAND] = lambda _command: process.socket.shutdown(socket.SHUT_RDWR)
        self.check_error(self.ctl.request('POST', '/v1/vfs/1/components', START), 500,
                         'Internal Server Error: vf 1 closed the connection')
        self.check_error(self.ctl.get('/v1/vfs/1'), 404, 'sec_id 1 not found.')

    def test_a_half_open_process_is_noticed_by_the_next_command(self):
        """The peer is there for TCP but gone for good, as after a cut cable."""
        model = Vf(1)
        self.vf(1, answers=model)
        model.refuse['status'] = None
        self.check_error(self.ctl.get('/v1/vfs/1'), 500,
                         'Internal Server Error: vf 1 did not answer in time')
        self.vf(1)
        self.assertEqual(self.ctl.get('/v1/vfs/1').status, 200)

    def test_a_second_process_of_the_same_id_is_refused_while_the_first_lives(self):
        first = self.vf(1)
        for kind in ('vf', 'nfv', 'mirror'):
            mark = self.ctl.mark()
            second = self.connect(Vf(1, kind))
            self.ctl.wait_log('is refused, because vf 1 is alive', mark)
            second.wait_closed()
            self.assertEqual(second.commands, ['_get_client_id', '_refused vf_1_is_alive:_stop_that_one,_or_use_'
                                               'another_client_id'])
        self.check_json(self.ctl.get('/v1/processes'), [{'type': 'vf', 'client-id': 1}])
        self.assertFalse(first.closed.is_set())
        self.assertEqual(first.commands.count('_get_client_id'), 4)

    def test_a_second_process_takes_over_from_a_hung_one(self):
        model = Vf(1)
        first = self.vf(1, answers=model)
        model.refuse['_get_client_id'] = None
        self.vf(1)
        first.wait_closed()
        self.check_empty(self.ctl.request('POST', '/v1/vfs/1/components', START))
        self.check_json(self.ctl.get('/v1/processes'), [{'type': 'vf', 'client-id': 1}])

    def test_a_newcomer_that_leaves_while_it_waits_changes_nothing(self):
        model = Vf(1)
        process = self.vf(1, answers=model)
        release = threading.Event()

        def slow(_command):
            release.wait(LIMIT)
            del model.refuse['_get_client_id']
            return model('_get_client_id')
        process.commands.clear()
        model.refuse['_get_client_id'] = slow
        newcomer = self.connect(Vf(1))
        process.wait_command('_get_client_id')
        mark = self.ctl.mark()
        newcomer.close()
        self.ctl.wait_log('port [0-9]+ closed the connection', mark)
        release.set()
        self.assertEqual(self.ctl.get('/v1/vfs/1').status, 200)

    def test_the_live_primary_is_kept(self):
        status = '{"lcores":[1]}'
        first = self.primary(lambda _command: status)
        mark = self.ctl.mark()
        second = self.connect(lambda _command: status, port=self.ctl.primary_port)
        self.ctl.wait_log('is refused, because primary is alive', mark)
        second.wait_closed()
        self.check_json(self.ctl.get('/v1/primary/status'), {'lcores': [1]})
        self.assertEqual(first.commands, ['status', 'status'])
        self.assertEqual(second.commands, ['_refused primary_is_alive:_stop_that_one'])

    def test_a_hung_primary_is_replaced(self):
        first = self.primary(lambda _command: None)
        self.primary(lambda _command: '{"lcores":[2]}')
        first.wait_closed()
        self.check_json(self.ctl.get('/v1/primary/status'), {'lcores': [2]})

    def test_a_dead_primary_is_not_listed(self):
        self.primary(lambda _command: None).close()
        self.ctl.wait_log('primary closed the connection')
        self.check_json(self.ctl.get('/v1/processes'), [])
        self.check_error(self.ctl.get('/v1/primary/status'), 404, 'primary not found.')

    def test_requests_under_way_do_not_keep_the_controller_from_ending(self):
        hung = self.vf(1, answers=Vf(1, refuse={COMMAND: None}))
        with socket.create_connection(('127.0.0.1', self.ctl.rest_port), timeout=LIMIT) as s:
            body = json.dumps(START).encode()
            s.sendall(b'POST /v1/vfs/1/components HTTP/1.1\r\nContent-Length: %d\r\n\r\n%s'
                      % (len(body), body))
            hung.wait_command(COMMAND)
            self.assertEqual(self.ctl.stop(), 0)


if __name__ == '__main__':
    main()
