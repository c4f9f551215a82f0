#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""The REST interface: paths, methods, bodies, values, and the commands that they become."""
import json
import socket

from harness import LIMIT, Case, SUCCESS, Vf, error, main, note


class General(Case):
    def test_processes_is_an_empty_array_at_first(self):
        self.check_json(self.ctl.get('/v1/processes'), [])

    def test_unknown_paths_are_not_found(self):
        for path in ('/', '/v1', '/v1/', '/v1/processes/', '/v1/vfs/abc', '/v1/vfs/', '/v1/vfs/1/',
                     '/v1/vfs/1/components/a%2Fb', '/v2/processes', '/v1/primary/status/'):
            self.check_error(self.ctl.get(path), 404, "Not found: '%s'" % path)

    def test_a_query_does_not_matter(self):
        self.check_json(self.ctl.get('/v1/processes?x=1'), [])

    def test_a_wrong_method_is_answered_with_the_right_ones(self):
        for method, path, allow in (
                ('PUT', '/v1/processes', 'GET, HEAD'),
                ('POST', '/v1/vfs/1', 'GET, HEAD, DELETE'),
                ('GET', '/v1/primary', 'DELETE'),
                ('GET', '/v1/vfs/1/components', 'POST'),
                ('PATCH', '/v1/vfs/1/classifier_table', 'PUT'),
                ('OPTIONS', '/v1/processes', 'GET, HEAD')):
            answer = self.ctl.request(method, path)
            self.check_error(answer, 405, 'Method not allowed.')
            self.assertEqual(answer.headers['Allow'], allow)

    def test_head_is_get_without_body(self):
        answer = self.ctl.request('HEAD', '/v1/processes')
        self.assertEqual((answer.status, answer.body), (200, b''))
        self.assertEqual(answer.headers['Content-Type'], 'application/json')
        self.assertEqual(answer.headers['Content-Length'], '2')

    def test_unknown_processes_are_named(self):
        self.vf(1)
        for path in ('/v1/vfs/9', '/v1/mirrors/1', '/v1/nfvs/1', '/v1/pcaps/1', '/v1/vfs/-1',
                     '/v1/vfs/99999999999999999999999'):
            self.check_error(self.ctl.get(path), 404, 'sec_id %s not found.' % path.split('/')[-1])
        self.check_error(self.ctl.get('/v1/primary/status'), 404, 'primary not found.')
        self.check_error(self.ctl.request('DELETE', '/v1/primary/'), 404, 'primary not found.')

    def test_existence_is_checked_before_the_body(self):
        self.check_error(self.ctl.request('POST', '/v1/vfs/9/components', '{'), 404,
                         'sec_id 9 not found.')

    def test_bodies_that_are_no_object_are_refused(self):
        process = self.vf(1)
        for body in (None, '', '{', '[]', '5', 'null', '"x"', '{"name":"a"} x', "{'name': 'a'}",
                     '\xff', '{"a":"\\u0000"}'):
            body = body.encode('latin-1') if body is not None else None
            self.check_error(self.ctl.request('POST', '/v1/vfs/1/components', body), 400,
                             'Not in json format.')
        self.assertEqual(process.commands, ['_get_client_id', 'status'])

    def test_the_last_of_duplicate_keys_counts(self):
        process = self.vf(1)
        self.check_empty(self.ctl.request('POST', '/v1/vfs/1/components', (
            '{"name":"a","core":9,"name":"b","core":3,"type":"merge"}')))
        self.check_empty(self.ctl.request('PUT', '/v1/vfs/1/components/b/ports', (
            '{"action":"attach","port":"ring:0","dir":"rx",'
            '"vlan":{"operation":"add","id":1,"pcp":0,"id":2}}')))
        self.assertEqual(process.commands[2:], ['component start b 3 merge',
                                                'port add ring:0 rx b add_vlantag 2 0'])

    def test_any_content_type_will_do(self):
        self.vf(1)
        for i, kind in enumerate(('application/json', 'text/plain',
                                  'application/x-www-form-urlencoded')):
            body = {'name': 'c%d' % i, 'core': 3, 'type': 'merge'}
            self.check_empty(self.ctl.request('POST', '/v1/vfs/1/components', body,
                                              {'Content-Type': kind}))

    def test_origin_is_refused_where_something_would_change(self):
        process = self.vf(1)
        origin = {'Origin': 'http://example.org'}
        text = 'Requests with a header Origin, as web pages send them, may not change anything.'
        for method, path in (('DELETE', '/v1/vfs/1'), ('POST', '/v1/vfs/1/components'),
                             ('PUT', '/v1/vfs/1/classifier_table'), ('DELETE', '/v1/primary')):
            self.check_error(self.ctl.request(method, path, '{}', origin), 403, text)
        self.check_json(self.ctl.request('GET', '/v1/processes', None, origin),
                        [{'type': 'vf', 'client-id': 1}])
        self.assertEqual(process.commands, ['_get_client_id', 'status'])

    def test_oversized_requests_are_refused_and_do_no_harm(self):
        self.vf(1)
        answer = self.ctl.raw(b'PUT /v1/vfs/1/classifier_table HTTP/1.1\r\nHost: localhost\r\n'
                              b'Content-Length: 1000000\r\n\r\n' + b' ' * 1000)
        self.assertTrue(answer.startswith(b'HTTP/1.1 413 '), answer)
        answer = self.ctl.raw(b'GET /v1/processes HTTP/1.1\r\nX: ' + b'y' * 40000 + b'\r\n\r\n')
        self.assertTrue(answer.startswith(b'HTTP/1.1 400 ') or answer == b'', answer)
        answer = self.ctl.raw(b'\x16\x03\x01 garbage\r\n\r\n')
        self.assertTrue(answer.startswith(b'HTTP/1.1 400 ') or answer == b'', answer)
        self.check_json(self.ctl.get('/v1/processes'), [{'type': 'vf', 'client-id': 1}])

    def test_expect_continue_is_understood(self):
        self.vf(1)
        body = b'{"name":"cls","core":3,"type":"classifier"}'
        with socket.create_connection(('127.0.0.1', self.ctl.rest_port), timeout=30) as s:
            s.sendall(b'POST /v1/vfs/1/components HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n'
                      b'Expect: 100-continue\r\nContent-Length: %d\r\n\r\n' % len(body))
            self.assertIn(b'100 Continue', s.recv(4096))
            s.sendall(body)
            self.assertTrue(s.recv(4096).startswith(b'HTTP/1.1 204 '))

    def test_a_connection_serves_several_requests(self):
        with socket.create_connection(('127.0.0.1', self.ctl.rest_port), timeout=30) as s:
            for _ in range(3):
                s.sendall(b'GET /v1/processes HTTP/1.1\r\nHost: localhost\r\n\r\n')
                data = b''
                while not data.endswith(b'\r\n\r\n[]'):
                    data += s.recv(4096)
                self.assertTrue(data.startswith(b'HTTP/1.1 200 OK\r\n'))

    def test_more_connections_than_allowed_do_not_lock_clients_out(self):
        idle = [socket.create_connection(('127.0.0.1', self.ctl.rest_port), timeout=30)
                for _ in range(200)]
        self.check_json(self.ctl.get('/v1/processes'), [])
        for s in idle:
            s.close()

    def test_a_request_that_trickles_in_is_cut_off(self):
        """A byte every second keeps a connection from being idle, but not from being too old."""
        with socket.create_connection(('127.0.0.1', self.ctl.rest_port), timeout=1) as s:
            s.sendall(b'GET /v1/processes HTTP/1.1\r\nX: ')
            for _ in range(LIMIT):
                try:
                    self.assertEqual(s.recv(1), b'')
                    return
                except socket.timeout:
                    s.sendall(b'x')
                except ConnectionError:
                    return
        self.fail('the connection is still open')

    def test_clients_that_hang_up_early_do_no_harm(self):
        process = self.vf(1, answers=Vf(1, refuse={'component start a 3 merge': None}))
        body = b'{"name":"a","core":3,"type":"merge"}'
        for _ in range(3):
            with socket.create_connection(('127.0.0.1', self.ctl.rest_port), timeout=30) as s:
                s.sendall(b'POST /v1/vfs/1/components HTTP/1.1\r\nContent-Length: %d\r\n\r\n%s'
                          % (len(body), body))
                process.wait_command('component start a 3 merge')
        self.check_json(self.ctl.get('/v1/openapi.json'), json.loads(
            self.ctl.get('/v1/openapi.json').body))

    def test_cpu_layout_lists_every_processor_once(self):
        answer = self.ctl.get('/v1/cpu_layout')
        self.assertEqual(answer.status, 200)
        lcores = [n for s in answer.json for c in s['cores'] for n in c['lcores']]
        self.assertEqual(len(lcores), len(set(lcores)))
        self.assertGreater(len(lcores), 0)
        for s in answer.json:
            self.assertEqual(list(s), ['socket_id', 'cores'])


class Vfs(Case):
    def setUp(self):
        super().setUp()
        self.process = self.vf(1)
        self.process.commands.clear()

    def put(self, path, body):
        return self.ctl.request('PUT', '/v1/vfs/1/' + path, body)

    def start_component(self, **body):
        return self.ctl.request('POST', '/v1/vfs/1/components', body)

    def test_status_is_made_of_the_info_of_the_process(self):
        self.start_component(name='cls', core=3, type='classifier')
        self.put('components/cls/ports', {'action': 'attach', 'port': 'phy:0', 'dir': 'rx'})
        self.put('components/cls/ports', {'action': 'attach', 'port': 'ring:0', 'dir': 'tx', 'vlan':
                                          {'operation': 'add', 'id': '101', 'pcp': 3}})
        self.put('classifier_table', {'action': 'add', 'type': 'vlan', 'vlan': '101',
                                      'port': 'ring:0', 'mac_address': '52:54:00:ab:cd:ef'})
        self.check_json(self.ctl.get('/v1/vfs/1'), {
            'client-id': 1, 'ports': ['phy:0', 'phy:1', 'ring:0'], 'master-lcore': 2,
            'components': [
                {'core': 3, 'name': 'cls', 'type': 'classifier',
                 'rx_port': [{'port': 'phy:0', 'vlan': {'operation': 'none', 'id': 0, 'pcp': 0}}],
                 'tx_port': [{'port': 'ring:0',
                              'vlan': {'operation': 'add', 'id': 101, 'pcp': 3}}]},
                {'core': 4, 'name': '', 'type': 'unuse', 'rx_port': [], 'tx_port': []}],
            'classifier_table': [
                {'type': 'vlan', 'port': 'ring:0', 'value': '101/52:54:00:AB:CD:EF'}],
            'restore': {'status': 'none', 'not_restored': 0}})

    def test_status_completes_idle_workers_and_takes_numbers_as_ids(self):
        status = {'results': [{'result': 'success'}], 'info': {
            'client-id': 1, 'phy': [0, '1 nq 0'], 'vhost': [], 'ring': [3], 'master-lcore': 2,
            'core': [{'core': 4, 'type': 'unuse'}], 'classifier_table': []}}
        self.process.model.refuse['status'] = json.dumps(status)
        self.check_json(self.ctl.get('/v1/vfs/1'), {
            'client-id': 1, 'ports': ['phy:0', 'phy:1 nq 0', 'ring:3'], 'master-lcore': 2,
            'components': [{'core': 4, 'type': 'unuse', 'name': '', 'rx_port': [], 'tx_port': []}],
            'classifier_table': [],
            'restore': {'status': 'none', 'not_restored': 0}})

    def test_a_vf_without_its_primary_says_so_in_status_and_note(self):
        gone = {'primary': 'gone', 'primary_gone': 'the primary process has died'}
        self.process.model.refuse['status'] = json.dumps(
            {'results': [{'result': 'success', 'note': gone['primary_gone']}],
             'info': {'client-id': 1, 'phy': [], 'vhost': [], 'ring': [], 'core': [],
                      'classifier_table': [], **gone}})
        answer = self.ctl.get('/v1/vfs/1')
        self.check_json(answer, {'client-id': 1, 'ports': [], 'components': [], **gone,
                                 'master-lcore': None, 'classifier_table': [],
                                 'restore': {'status': 'none', 'not_restored': 0}})
        self.assertEqual(answer.headers['X-SPP-Note'], gone['primary_gone'])

    def test_a_status_without_what_it_must_have_is_a_failure(self):
        for missing in ('core', 'phy', 'classifier_table'):
            info = {'client-id': 1, 'phy': [], 'vhost': [], 'ring': [], 'core': [],
                    'classifier_table': []}
            del info[missing]
            self.process.model.refuse['status'] = json.dumps(
                {'results': [{'result': 'success'}], 'info': info})
            self.check_error(self.ctl.get('/v1/vfs/1'), 500, 'Internal Server Error: the status of '
                             'the process lacks what it must have')

    def test_requests_become_commands(self):
        mac = {'action': 'add', 'type': 'mac', 'port': 'ring:0', 'mac_address': '52:54:00:12:34:56'}
        ports = 'components/cls/ports'
        attach = {'action': 'attach', 'port': 'ring:0', 'dir': 'tx'}
        self.process.model.refuse.update({'port add %s rx cls' % p: SUCCESS for p in ('phy:0nq1',)})
        for method, path, body, command in (
                ('POST', 'components', {'name': 'cls', 'core': 3, 'type': 'classifier'},
                 'component start cls 3 classifier'),
                ('POST', 'components', {'name': 'm.r-1_', 'core': 4, 'type': 'classifier_mac'},
                 'component start m.r-1_ 4 classifier'),
                ('PUT', ports, {'action': 'attach', 'port': 'phy:0 nq 1', 'dir': 'rx'},
                 'port add phy:0nq1 rx cls'),
                ('PUT', ports, {**attach, 'vlan': {}}, 'port add ring:0 tx cls'),
                ('PUT', ports, {**attach, 'vlan': {'operation': 'none'}}, 'port add ring:0 tx cls'),
                ('PUT', ports, {**attach, 'vlan': {'operation': 'add', 'id': '677', 'pcp': '5'}},
                 'port add ring:0 tx cls add_vlantag 677 5'),
                ('PUT', ports, {**attach, 'vlan': {'operation': 'del'}},
                 'port add ring:0 tx cls del_vlantag'),
                ('PUT', 'classifier_table', mac,
                 'classifier_table add mac 52:54:00:12:34:56 ring:0'),
                ('PUT', 'classifier_table', {**mac, 'mac_address': '52-54-00-AB-CD-EF'},
                 'classifier_table add mac 52:54:00:ab:cd:ef ring:0'),
                ('PUT', 'classifier_table', {**mac, 'mac_address': '525400ABCDE0'},
                 'classifier_table add mac 52:54:00:ab:cd:e0 ring:0'),
                ('PUT', 'classifier_table', {**mac, 'mac_address': 'default', 'vlan': None},
                 'classifier_table add mac default ring:0'),
                ('PUT', 'classifier_table', {**mac, 'type': 'vlan', 'vlan': '101'},
                 'classifier_table add vlan 101 52:54:00:12:34:56 ring:0'),
                ('PUT', 'classifier_table', {**mac, 'action': 'del', 'type': 'vlan', 'vlan': 101},
                 'classifier_table del vlan 101 52:54:00:12:34:56 ring:0'),
                ('PUT', ports, {'action': 'detach', 'port': 'ring:0', 'dir': 'tx',
                                'vlan': {'operation': 'nonsense'}}, 'port del ring:0 tx cls'),
                ('DELETE', 'components/m%2Er-1_', None, 'component stop m.r-1_')):
            self.process.commands.clear()
            self.check_empty(self.ctl.request(method, '/v1/vfs/1/' + path, body))
            self.assertEqual(self.process.commands, [command])

    def test_missing_keys_are_named_in_their_order(self):
        component = {'name': 'a', 'core': 3, 'type': 'merge'}
        table = {'action': 'x', 'type': 'vlan', 'port': 'x', 'mac_address': 'x', 'vlan': 1}
        port = {'action': 'attach', 'port': 'ring:0', 'dir': 'tx'}
        vlan = {'operation': 'add', 'id': 1, 'pcp': 1}
        for path, body, method in (('components', component, 'POST'),
                                   ('classifier_table', table, 'PUT'),
                                   ('components/a/ports', port, 'PUT')):
            left = {}
            for key, value in body.items():
                self.check_error(self.ctl.request(method, '/v1/vfs/1/' + path, left), 400,
                                 'key(%s) required.' % key)
                left[key] = value
        left = {'x': 1}
        for key, value in vlan.items():
            self.check_error(self.put('components/a/ports', {**port, 'vlan': left}), 400,
                             'key(%s) required.' % key)
            left[key] = value
        self.assertEqual(self.process.commands, [])

    def test_invalid_values_are_named_and_nothing_is_sent(self):
        component = {'name': 'a', 'core': 3, 'type': 'merge'}
        port = {'action': 'attach', 'port': 'ring:0', 'dir': 'tx'}
        table = {'action': 'add', 'type': 'vlan', 'port': 'ring:0', 'vlan': 1,
                 'mac_address': '52:54:00:12:34:56'}

        def check(method, path, body, key, values, outer=None):
            for value in values:
                given = {**body, key: value} if outer is None else {
                    **body, outer: {'operation': 'add', 'id': 1, 'pcp': 1, key: value}}
                shown = value if isinstance(value, str) else json.dumps(
                    value, separators=(',', ':'))
                self.check_error(self.ctl.request(method, '/v1/vfs/1/' + path, given), 400,
                                 'invalid key(%s): %s.' % (key, shown))

        check('POST', 'components', component, 'name',
              ['', 'a b', 'x' * 32, 'a 4 forward', 'a/b', 5, None, ['a'], 'a;b'])
        check('POST', 'components', component, 'core', [-1, 128, True, '3', 3.0, None, {}])
        check('POST', 'components', component, 'type', ['mirror', '', 'Merge', 1, None])
        ports = 'components/a/ports'
        bad_ports = ['ring', 'ring:', 'ring:-1', 'ring:x', 'ring:123456', 'ring:1 ', ' ring:1',
                     'eth:0', 'ring:0nq1', 'phy:0nq', 'phy:0nq12345', 'ring:0 rx cls', 0, None, '']
        check('PUT', ports, port, 'action', ['add', '', 5, None])
        check('PUT', ports, port, 'port', bad_ports)
        check('PUT', ports, port, 'dir', ['RX', 'both', 1, None])
        check('PUT', ports, port, 'vlan', [5, 'add', [], True])
        check('PUT', ports, port, 'operation', ['ADD', '', 7], outer='vlan')
        check('PUT', ports, port, 'id', [-1, 4095, 9999, '4095', 'x', '', '1 2', True, None],
              outer='vlan')
        check('PUT', ports, port, 'pcp', [-1, 8, '8', 1.5, None], outer='vlan')
        check('PUT', 'classifier_table', table, 'action', ['attach', None])
        check('PUT', 'classifier_table', table, 'type', ['ip', 3])
        check('PUT', 'classifier_table', table, 'port', bad_ports)
        check('PUT', 'classifier_table', table, 'mac_address',
              ['52:54:00:12:34', '52:54:00:12:34:5', '52:54:00:12:34:56:78', '52-54:00-12:34-56',
               'gg:54:00:12:34:56', '', 5, None, 'Default', '52540012345g'])
        check('PUT', 'classifier_table', table, 'vlan', [4095, -1, '0x10', 'any', None, True])
        for name in ('a b', 'x' * 32, 'a;b'):
            self.check_error(self.ctl.request(
                'DELETE', '/v1/vfs/1/components/' + name.replace(' ', '%20')), 400,
                'invalid key(name): %s.' % name)
        self.assertEqual(self.process.commands, [])

    def test_an_answer_stays_one_line_of_text(self):
        self.check_error(self.start_component(name='a\nb\x7f', core=3, type='merge'), 400,
                         'invalid key(name): a?b?.')

    def test_errors_of_the_process_are_passed_on(self):
        for message in ('Invalid value (component name): cls is in use', 'error occur: no memory'):
            self.process.model.refuse['component start cls 3 merge'] = error(message)
            self.check_error(self.start_component(name='cls', core=3, type='merge'), 400,
                             'command error: ' + message)

    def test_notes_of_the_process_are_passed_on(self):
        self.check_empty(self.ctl.request('DELETE', '/v1/vfs/1/components/cls9'),
                         "no component 'cls9' to stop")
        self.process.model.refuse['component stop a'] = note('one\r\nX-Evil: two')
        self.check_empty(self.ctl.request('DELETE', '/v1/vfs/1/components/a'),
                         'one??X-Evil: two')

    def test_delete_ends_the_process_and_its_entry_at_once(self):
        self.check_empty(self.ctl.request('DELETE', '/v1/vfs/1'))
        self.assertEqual(self.process.commands, ['exit'])
        self.check_json(self.ctl.get('/v1/processes'), [])
        self.check_error(self.ctl.get('/v1/vfs/1'), 404, 'sec_id 1 not found.')
        self.process.wait_closed()

    def test_a_process_that_refuses_to_end_stays(self):
        self.process.model.refuse['exit'] = error('error occur: busy')
        self.check_error(self.ctl.request('DELETE', '/v1/vfs/1'), 400,
                         'command error: error occur: busy')
        self.check_json(self.ctl.get('/v1/processes'), [{'type': 'vf', 'client-id': 1}])

    def test_a_process_that_ends_without_an_answer_has_ended(self):
        def vanish(_command):
            self.process.socket.shutdown(2)
        self.process.model.refuse['exit'] = vanish
        self.check_empty(self.ctl.request('DELETE', '/v1/vfs/1'),
                         'vf 1 closed the connection without an answer')

    def test_verbs_and_commands_of_plugins_pass_through(self):
        verbs = {'verbs': [{'owner': 'limiter', 'grammar': 'limit <rate:UNSIGNED_INT>',
                            'help': 'set the rate'}]}
        self.process.model.refuse['verbs'] = json.dumps(
            {'results': [{'result': 'success'}], **verbs})
        self.check_json(self.ctl.get('/v1/vfs/1/verbs'), verbs)
        reply = {'results': [{'result': 'success', 'note': 'same rate'}], 'rate': 5}
        self.process.model.refuse['limit 5'] = json.dumps(reply)
        answer = self.ctl.request('POST', '/v1/vfs/1/commands', {'command': 'limit 5'})
        self.check_json(answer, reply)
        self.assertEqual(answer.headers['X-SPP-Note'], 'same rate')
        self.process.model.refuse['limit x'] = error("Invalid value (rate): 'x' is not a number")
        self.check_error(self.ctl.request('POST', '/v1/vfs/1/commands', {'command': 'limit x'}),
                         400, "command error: Invalid value (rate): 'x' is not a number")

    def test_commands_must_be_one_line_of_printable_ascii(self):
        def post(body):
            return self.ctl.request('POST', '/v1/vfs/1/commands', body)
        self.check_error(post({}), 400, 'key(command) required.')
        for value, shown in (('', ''), ('a\nexit', 'a?exit'), (' a', ' a'), ('\u00e9', '??'),
                             (5, '5'), ('a\tb', 'a?b'), ('x' * 4096, 'x' * 200)):
            self.check_error(post({'command': value}), 400, 'invalid key(command): %s.' % shown)
        for value in ('exit', 'exit now'):
            self.check_error(post({'command': value}), 400,
                             'invalid key(command): exit: send DELETE to the process.')
        self.assertEqual(self.process.commands, [])


class Others(Case):
    def answers(self, kind, client_id, replies):
        vf = Vf(client_id, kind)
        vf.refuse.update(replies)
        return vf

    def test_mirror(self):
        process = self.vf(3, answers=Vf(3, 'mirror'))
        process.commands.clear()
        self.check_empty(self.ctl.request('POST', '/v1/mirrors/3/components',
                                          {'name': 'mir', 'core': 3, 'type': 'mirror'}))
        self.check_error(self.ctl.request('POST', '/v1/mirrors/3/components',
                                          {'name': 'mir', 'core': 3, 'type': 'merge'}),
                         400, 'invalid key(type): merge.')
        self.check_empty(self.ctl.request('PUT', '/v1/mirrors/3/components/mir/ports', {
            'action': 'attach', 'port': 'ring:0', 'dir': 'tx', 'vlan': {'operation': 'add'}}))
        self.assertEqual(process.commands, ['component start mir 3 mirror',
                                            'port add ring:0 tx mir'])
        status = self.ctl.get('/v1/mirrors/3').json
        self.assertNotIn('classifier_table', status)
        self.assertEqual(status['ports'], ['phy:0', 'phy:1', 'ring:0'])
        self.assertEqual(status['components'], [
            {'core': 3, 'name': 'mir', 'type': 'mirror', 'rx_port': [], 'tx_port': [
                {'port': 'ring:0', 'vlan': {'operation': 'none', 'id': 0, 'pcp': 0}}]},
            {'core': 4, 'type': 'unuse'}])
        self.check_empty(self.ctl.request('DELETE', '/v1/mirrors/3/components/mir'))
        self.assertEqual(self.ctl.get('/v1/mirrors/3').json['components'],
                         [{'core': 3, 'type': 'unuse'}, {'core': 4, 'type': 'unuse'}])
        self.check_empty(self.ctl.request('DELETE', '/v1/mirrors/3'))

    def test_nfv(self):
        status = {'client-id': 2, 'status': 'idling', 'master-lcore': 1, 'lcores': [1, 2],
                  'ports': ['phy:0'], 'patches': []}
        ok = '{"result":"succeeded","command":"x"}'
        commands = {'forward': ok, 'stop': ok, 'add ring:0': ok, 'del ring:0': ok,
                    'patch phy:0 ring:0': ok, 'patch reset': ok,
                    'add ring:9': '{"result":"failed","command":"add","port":"ring:9"}',
                    'status': json.dumps(status)}
        process = self.vf(2, answers=self.answers('nfv', 2, commands))
        process.commands.clear()
        url = '/v1/nfvs/2'
        self.check_json(self.ctl.get(url), status)
        for method, path, body in (
                ('PUT', '/forward', {'action': 'start'}), ('PUT', '/forward', {'action': 'stop'}),
                ('PUT', '/ports', {'action': 'add', 'port': 'ring:0'}),
                ('PUT', '/ports', {'action': 'del', 'port': 'ring:0'}),
                ('PUT', '/patches', {'src': 'phy:0', 'dst': 'ring:0'}), ('DELETE', '/patches', None)):
            self.check_empty(self.ctl.request(method, url + path, body))
        self.assertEqual(process.commands, ['status', 'forward', 'stop', 'add ring:0', 'del ring:0',
                                            'patch phy:0 ring:0', 'patch reset'])
        self.check_error(self.ctl.request('PUT', url + '/ports', {'action': 'add', 'port': 'ring:9'}),
                         400, 'command error: the process gave no reason')
        self.check_error(self.ctl.request('PUT', url + '/forward', {}), 400, 'key(action) required.')
        self.check_error(self.ctl.request('PUT', url + '/forward', {'action': 'go'}), 400,
                         'invalid key(action): go.')
        self.check_empty(self.ctl.request('DELETE', url))

    def test_an_echo_padded_with_nul_is_success(self):
        status = {'client-id': 2, 'status': 'idling', 'master-lcore': 1, 'lcores': [1, 2],
                  'ports': ['phy:0'], 'patches': []}
        commands = {'patch reset': b'patch reset'.ljust(32768, b'\0'),
                    'status': json.dumps(status).encode().ljust(32768, b'\0'),
                    'forward': b'forward'.ljust(32768, b'\0')}
        process = self.vf(2, answers=self.answers('nfv', 2, commands))
        for _ in range(2):
            self.check_empty(self.ctl.request('DELETE', '/v1/nfvs/2/patches'))
            self.check_json(self.ctl.get('/v1/nfvs/2'), status)
            self.check_empty(self.ctl.request('PUT', '/v1/nfvs/2/forward', {'action': 'start'}))
        # No echo is a status.
        process.model.refuse['status'] = commands['forward']
        self.check_error(self.ctl.get('/v1/nfvs/2'), 500, (
            'Internal Server Error: the process repeated the command instead of answering it'))
        self.check_empty(self.ctl.request('DELETE', '/v1/nfvs/2/patches'))
        self.assertFalse(process.closed.is_set())

    def test_pcap(self):
        info = {'client-id': 4, 'status': 'idle', 'master-lcore': 1, 'core': [
            {'core': 2, 'role': 'receive', 'rx_port': [{'port': 'phy:0'}]},
            {'core': 3, 'role': 'write', 'filename': ''}]}
        process = self.vf(4, answers=self.answers('pcap', 4, {
            'start': SUCCESS, 'stop': SUCCESS,
            'status': json.dumps({'results': [{'result': 'success'}], 'info': info})}))
        process.commands.clear()
        self.check_json(self.ctl.get('/v1/pcaps/4'), info)
        self.check_empty(self.ctl.request('PUT', '/v1/pcaps/4/capture', {'action': 'start'}))
        self.check_empty(self.ctl.request('PUT', '/v1/pcaps/4/capture', {'action': 'stop'}))
        self.check_error(self.ctl.request('PUT', '/v1/pcaps/4/capture', {'action': 'x'}), 400,
                         'invalid key(action): x.')
        self.assertEqual(process.commands, ['status', 'start', 'stop'])
        self.check_empty(self.ctl.request('DELETE', '/v1/pcaps/4'))

    def test_cpu_usage_asks_everybody(self):
        self.primary(lambda c: json.dumps({'lcores': [1, 2], 'phy_ports': []}))
        vf = self.vf(1, cores=(3, 3, 4))
        self.vf(2, answers=self.answers('nfv', 2, {'status': json.dumps(
            {'client-id': 2, 'status': 'idling', 'master-lcore': 5, 'lcores': [5, 6]})}))
        self.check_json(self.ctl.get('/v1/cpu_usage'), [
            {'proc-type': 'primary', 'master-lcore': 1, 'lcores': [1, 2]},
            {'proc-type': 'vf', 'client-id': 1, 'master-lcore': 2, 'lcores': [2, 3, 4]},
            {'proc-type': 'nfv', 'client-id': 2, 'master-lcore': 5, 'lcores': [5, 6]}])
        self.check_json(self.ctl.get('/v1/processes'), [
            {'type': 'primary'}, {'type': 'vf', 'client-id': 1}, {'type': 'nfv', 'client-id': 2}])
        vf.close()


class Primary(Case):
    def setUp(self):
        super().setUp()
        self.replies = {}
        self.process = self.primary(
            lambda c: self.replies.get(c, '{"result":"succeeded","command":"x"}'))

    def test_nothing_is_sent_before_a_request(self):
        self.check_json(self.ctl.get('/v1/processes'), [{'type': 'primary'}])
        self.assertEqual(self.process.commands, [])

    def test_status_is_the_reply(self):
        status = {'master-lcore': 1, 'lcores': [1], 'phy_ports': [], 'ring_ports': [], 'pipes': []}
        self.replies['status'] = json.dumps(status)
        self.check_json(self.ctl.get('/v1/primary/status'), status)

    def test_padding_of_a_reply_is_ignored(self):
        self.replies['status'] = b'{"lcores":[1]}'.ljust(32768, b'\0')
        for _ in range(3):
            self.check_json(self.ctl.get('/v1/primary/status'), {'lcores': [1]})

    def test_requests_become_commands(self):
        eal = {'-m': 512, '-l': '1,4-7', '--proc-type': 'secondary', '--no-such': 'x',
               '--master-lcore': '1', '--no-pci': None, '-w': '0:1.0'}
        app = {'-s': '127.0.0.1:6666', '--client-id': 2, '--vhost-client': ''}
        for method, path, body, command in (
                ('DELETE', 'status', None, 'clear'),
                ('PUT', 'forward', {'action': 'start'}, 'forward'),
                ('PUT', 'forward', {'action': 'stop'}, 'stop'),
                ('PUT', 'ports', {'action': 'add', 'port': 'ring:0'}, 'add ring:0'),
                ('PUT', 'ports', {'action': 'del', 'port': 'pipe:0'}, 'del pipe:0'),
                ('PUT', 'ports', {'action': 'add', 'port': 'pipe:0', 'rx': 'ring:1', 'tx': 'ring:2'},
                 'add pipe:0 ring:1 ring:2'),
                ('PUT', 'patches', {'src': 'phy:0', 'dst': 'phy:1'}, 'patch phy:0 phy:1'),
                ('DELETE', 'patches', None, 'patch reset'),
                ('PUT', 'launch', {'client_id': '2', 'proc_name': 'spp_vf', 'eal': eal, 'app': app},
                 'launch 2 spp_vf -l 1,4-7 --main-lcore 1 --allow 0:1.0 --no-pci '
                 '--proc-type secondary -m 512 -- --client-id 2 -s 127.0.0.1:6666 --vhost-client')):
            self.process.commands.clear()
            self.check_empty(self.ctl.request(method, '/v1/primary/' + path, body))
            self.assertEqual(self.process.commands, [command])

    def test_launch_refuses_what_would_be_more_than_an_option(self):
        good = {'client_id': 2, 'proc_name': 'spp_vf', 'app': {},
                'eal': {'-l': '1', '--proc-type': 'secondary'}}

        def check(body, text):
            self.check_error(self.ctl.request('PUT', '/v1/primary/launch', body), 400, text)
        for key in good:
            check({k: v for k, v in good.items() if k != key}, 'key(%s) required.' % key)
        check({**good, 'client_id': 0}, 'invalid key(client_id): 0.')
        check({**good, 'proc_name': '/bin/sh'}, 'invalid key(proc_name): /bin/sh.')
        check({**good, 'eal': []}, 'invalid key(eal): [].')
        check({**good, 'app': 5}, 'invalid key(app): 5.')
        check({**good, 'eal': {'--proc-type': 'x'}}, 'key(-c, -l or --lcores) required.')
        check({**good, 'eal': {'-l': '1'}}, 'key(--proc-type) required.')
        check({**good, 'eal': {**good['eal'], '-d': 'evil.so'}}, 'invalid key(-d): evil.so.')
        check({**good, 'eal': {**good['eal'], '-m': '5 -d evil.so'}},
              'invalid key(-m): 5 -d evil.so.')
        check({**good, 'eal': {**good['eal'], '-m': '-d'}}, 'invalid key(-m): -d.')
        check({**good, 'app': {'-s': ['x']}}, 'invalid key(-s): ["x"].')
        self.assertEqual(self.process.commands, [])

    def test_a_pipe_needs_its_rings(self):
        pipe = {'action': 'add', 'port': 'pipe:0'}
        for body, text in ((pipe, 'key(rx) required.'),
                           ({**pipe, 'rx': 'ring:0'}, 'key(tx) required.'),
                           ({**pipe, 'rx': 'phy:0', 'tx': 'ring:0'}, 'invalid key(rx): phy:0.')):
            self.check_error(self.ctl.request('PUT', '/v1/primary/ports', body), 400, text)

    def test_flow_rules_pass_with_their_verdict(self):
        rule = {'group': 0, 'priority': 0, 'direction': 'ingress', 'transfer': True,
                'pattern': ['eth dst is 11:22:33:44:55:66', 'vlan vid is 100'],
                'actions': ['queue index 1', 'of_pop_vlan']}
        text = (' phy:0 group 0 priority 0 transfer ingress pattern eth dst is 11:22:33:44:55:66 / '
                'vlan vid is 100 / end actions queue index 1 / of_pop_vlan / end')
        verdicts = {'flow validate' + text: {'result': 'success', 'message': 'Flow rule validated'},
                    'flow create' + text: {'result': 'error', 'message': 'Flow create error\nx',
                                           'rule_id': ''},
                    'flow destroy phy:0 7': {'result': 'error', 'message': 'Flow rule #7 not found'},
                    'flow destroy phy:0 ALL': {'result': 'success', 'message': 'all'}}
        self.replies.update({k: json.dumps(v) for k, v in verdicts.items()})
        url = '/v1/primary/flow_rules'
        for (method, path, body), verdict in zip((
                ('POST', '/port_id/0/validate', {'rule': rule}), ('POST', '/port_id/0', {'rule': rule}),
                ('DELETE', '/7/port_id/0', None), ('DELETE', '/port_id/0', None)),
                verdicts.values()):
            self.check_json(self.ctl.request(method, url + path, body), verdict)
        for body, text in (({}, 'key(rule) required.'),
                           ({'rule': 5}, 'invalid key(rule): 5.'),
                           ({'rule': {**rule, 'group': True}}, 'invalid key(group): true.'),
                           ({'rule': {**rule, 'direction': 'up'}}, 'invalid key(direction): up.'),
                           ({'rule': {**rule, 'transfer': 1}}, 'invalid key(transfer): 1.'),
                           ({'rule': {**rule, 'pattern': 'eth'}}, 'invalid key(pattern): eth.'),
                           ({'rule': {**rule, 'actions': ['a\nexit']}},
                            'invalid key(actions): a?exit.')):
            self.check_error(self.ctl.request('POST', url + '/port_id/0', body), 400, text)
        self.check_error(self.ctl.request('DELETE', url + '/port_id/-1'), 400,
                         'invalid key(port_id): -1.')

    def test_exit(self):
        self.check_empty(self.ctl.request('DELETE', '/v1/primary'))
        self.assertEqual(self.process.commands, ['exit'])
        self.check_json(self.ctl.get('/v1/processes'), [])

    def test_exit_may_be_refused(self):
        self.replies['exit'] = error('error occur: vf 1 is alive')
        self.check_error(self.ctl.request('DELETE', '/v1/primary'), 400,
                         'command error: error occur: vf 1 is alive')
        self.check_json(self.ctl.get('/v1/processes'), [{'type': 'primary'}])


if __name__ == '__main__':
    main()
