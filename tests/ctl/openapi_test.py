#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""The shipped description of the REST interface, compared with what the controller does."""
import json
import os
import re

from harness import Case, SUCCESS, Vf, main

SOURCE = os.environ.get('OPENAPI', os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                                '../../apps/spp-ctl/openapi.json'))
METHODS = ('get', 'post', 'put', 'delete', 'patch')
RULE = {'rule': {'direction': 'ingress', 'pattern': ['eth'], 'actions': ['drop']}}
START = {'name': 'cls', 'core': 3, 'type': 'classifier'}
PORT = {'action': 'attach', 'port': 'ring:0', 'dir': 'tx'}
TABLE = {'action': 'add', 'type': 'mac', 'port': 'ring:0', 'mac_address': 'default'}
BODIES = {  # one that is good, by operation
    'vfComponentStart': START, 'vfPortChange': PORT, 'vfTableChange': TABLE,
    'vfCommand': {'command': 'status'}, 'mirrorComponentStart': {**START, 'type': 'mirror'},
    'mirrorPortChange': PORT, 'nfvForward': {'action': 'start'},
    'nfvPorts': {'action': 'add', 'port': 'ring:0'}, 'nfvPatch': {'src': 'phy:0', 'dst': 'phy:1'},
    'pcapCapture': {'action': 'stop'}, 'primaryForward': {'action': 'stop'},
    'primaryPorts': {'action': 'add', 'port': 'ring:0'},
    'primaryPatch': {'src': 'phy:0', 'dst': 'phy:1'},
    'primaryLaunch': {'client_id': 9, 'proc_name': 'spp_vf', 'app': {},
                      'eal': {'-l': '1', '--proc-type': 'secondary'}},
    'flowValidate': RULE, 'flowCreate': RULE}
IDS = {'vfs': 1, 'mirrors': 2, 'nfvs': 3, 'pcaps': 4}


class Schema:
    """As much of a validator as the description needs."""

    def __init__(self, document):
        self.document = document

    def resolve(self, node):
        while '$ref' in node:
            target = self.document
            for part in node['$ref'].split('/')[1:]:
                target = target[part]
            node = target
        return node

    def check(self, value, schema, where='$'):
        schema = self.resolve(schema)
        if value is None and schema.get('nullable'):
            return
        for part in schema.get('allOf', ()):
            self.check(value, part, where)
        if 'oneOf' in schema:
            assert any(self.fits(value, part) for part in schema['oneOf']), (where, value)
        kinds = {'string': str, 'integer': int, 'object': dict, 'array': list, 'boolean': bool}
        if 'type' in schema:
            kind = kinds[schema['type']]
            assert isinstance(value, kind) and (kind is bool or not isinstance(value, bool)), (
                where, value)
        assert value in schema.get('enum', [value]), (where, value)
        assert re.search(schema.get('pattern', ''), str(value)), (where, value)
        if isinstance(value, int):
            assert schema.get('minimum', value) <= value <= schema.get('maximum', value), where
        if isinstance(value, dict):
            for key in schema.get('required', ()):
                assert key in value, (where, key)
            for key, part in schema.get('properties', {}).items():
                if key in value:
                    self.check(value[key], part, where + '.' + key)
        if isinstance(value, list) and 'items' in schema:
            for i, item in enumerate(value):
                self.check(item, schema['items'], '%s[%d]' % (where, i))

    def fits(self, value, schema):
        try:
            self.check(value, schema)
            return True
        except AssertionError:
            return False


class OpenApi(Case):
    def setUp(self):
        super().setUp()
        self.document = self.ctl.get('/v1/openapi.json').json
        self.schema = Schema(self.document)

    def operations(self):
        for path, item in self.document['paths'].items():
            for method in METHODS:
                if method in item:
                    yield path, method, item[method]

    def connect_all(self):
        nfv = {'client-id': 3, 'status': 'idling', 'master-lcore': 1, 'lcores': [1, 2],
               'ports': ['phy:0'], 'patches': [{'src': 'phy:0', 'dst': 'phy:1'}]}
        pcap = {'client-id': 4, 'status': 'idle', 'master-lcore': 1,
                'core': [{'core': 2, 'role': 'receive', 'rx_port': [{'port': 'phy:0'}]}]}
        primary = {'master-lcore': 1, 'lcores': [1], 'phy_ports': [], 'ring_ports': []}
        flow = {'result': 'success', 'message': 'done', 'rule_id': '0'}
        vf = Vf(1, refuse={'verbs': json.dumps({'results': [{'result': 'success'}], 'verbs': []})})
        vf('component start cls 3 classifier')
        vf('port add ring:0 tx cls')
        vf('classifier_table add vlan 5 default ring:0')
        mirror = Vf(2, 'mirror')
        mirror('component start cls 3 mirror')
        ok = '{"result":"succeeded","command":"x"}'
        nfv_answers, pcap_answers = Vf(3, 'nfv'), Vf(4, 'pcap')
        nfv_answers.refuse.update({c: ok for c in ('forward', 'add ring:0', 'patch phy:0 phy:1',
                                                   'patch reset', 'exit')})
        nfv_answers.refuse['status'] = json.dumps(nfv)
        pcap_answers.refuse.update({
            'status': json.dumps({'results': [{'result': 'success'}], 'info': pcap}),
            'stop': SUCCESS})
        for answers in (vf, mirror, nfv_answers, pcap_answers):
            self.vf(answers.client_id, answers=answers)
        self.primary(lambda c: json.dumps(primary if c == 'status' else
                                          flow if c.startswith('flow') else {'result': 'succeeded'}))

    @staticmethod
    def fill(path, missing=False):
        kind = path.split('/')[2]
        return path.format(id=99 if missing else IDS.get(kind), name='cls', port_id=0, rule_id=7)

    def check_described(self, operation, answer):
        responses = operation['responses']
        self.assertIn(str(answer.status), responses, operation['operationId'])
        response = self.schema.resolve(responses[str(answer.status)])
        if 'content' not in response:
            self.assertEqual(answer.body, b'')
            return
        self.assertEqual([answer.headers['Content-Type']], list(response['content']))
        content = response['content'][answer.headers['Content-Type']]
        if answer.headers['Content-Type'] == 'application/json':
            self.schema.check(answer.json, content['schema'], operation['operationId'])

    def test_it_is_the_shipped_file(self):
        with open(SOURCE, encoding='ascii') as f:
            self.assertEqual(json.load(f), self.document)
        self.assertRegex(self.document['openapi'], '^3\\.')

    def test_references_lead_somewhere_and_names_are_unique(self):
        for target in re.findall('"\\$ref": "([^"]*)"', json.dumps(self.document)):
            self.schema.resolve({'$ref': target})
        names = [operation['operationId'] for _, _, operation in self.operations()]
        self.assertEqual(len(names), len(set(names)))

    def test_every_path_has_exactly_the_methods_described(self):
        for path, item in self.document['paths'].items():
            answer = self.ctl.request('PATCH', self.fill(path))
            self.assertEqual(answer.status, 405, path)
            allowed = {m.lower() for m in answer.headers['Allow'].split(', ')} - {'head'}
            self.assertEqual(allowed, {m for m in METHODS if m in item}, path)

    def test_every_operation_succeeds_as_described(self):
        self.connect_all()
        # Those that end something come last.
        operations = sorted(self.operations(), key=lambda o: (
            'Exit' in o[2]['operationId'], 'ComponentStop' in o[2]['operationId']))
        for path, method, operation in operations:
            body = BODIES.get(operation['operationId'])
            self.assertEqual(body is not None, 'requestBody' in operation, operation['operationId'])
            if body is not None:
                content = operation['requestBody']['content']['application/json']
                self.schema.check(body, content['schema'], operation['operationId'])
            answer = self.ctl.request(method.upper(), self.fill(path), body)
            self.assertIn(answer.status, (200, 204), (operation['operationId'], answer.text))
            self.check_described(operation, answer)
        self.check_json(self.ctl.get('/v1/processes'), [])

    def test_every_operation_fails_as_described(self):
        for path, method, operation in self.operations():
            if '404' not in operation['responses']:
                continue
            answer = self.ctl.request(method.upper(), self.fill(path, missing=True), '{')
            self.assertEqual(answer.status, 404, operation['operationId'])
            self.check_described(operation, answer)
        self.connect_all()
        for path, method, operation in self.operations():
            if 'requestBody' in operation:
                for body in ('{', {}):
                    answer = self.ctl.request(method.upper(), self.fill(path), body)
                    self.assertEqual(answer.status, 400, operation['operationId'])
                    self.check_described(operation, answer)
            if method != 'get':
                answer = self.ctl.request(method.upper(), self.fill(path), '{}', {'Origin': 'x'})
                self.assertEqual(answer.status, 403, operation['operationId'])
                self.check_described(operation, answer)

    def test_a_page_is_described(self):
        operation = self.document['paths']['/v1/vfs/{id}']['get']
        self.assertEqual([parameter['name'] for parameter in operation['parameters']],
                         ['from', 'max'])
        self.connect_all()
        answer = self.ctl.get('/v1/vfs/1?from=0&max=0')
        self.assertEqual((answer.json['classifier_table_total'],
                          answer.json['classifier_table_next']), (1, '0'))
        self.check_described(operation, answer)

    def test_restore_is_described_in_each_of_its_states(self):
        operation = self.document['paths']['/v1/vfs/{id}/restore']['get']
        process = self.vf(1)
        self.ctl.request('POST', '/v1/vfs/1/components', START)
        self.check_described(operation, self.ctl.get('/v1/vfs/1/restore'))
        process.close()
        self.ctl.wait_log('vf 1 closed')
        self.vf(1, refuse={'component start cls 3 classifier':
                           '{"results":[{"result":"error"}]}'})
        self.ctl.wait_log('was not restored')
        answer = self.ctl.get('/v1/vfs/1/restore')
        self.assertEqual(answer.json['message'], 'the process gave no reason')
        self.check_described(operation, answer)


if __name__ == '__main__':
    main()
