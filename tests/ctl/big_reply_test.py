#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Processes that say more than anybody wants to hear: others are served meanwhile, memory stays
bounded, and nothing of it is kept."""
import json
import os
import threading

from harness import LIMIT, Case, Vf, main
from process_test import Background

BYTES = 13000000
# spp-ctl takes about 10 MB, and a reply of 1 MiB with 65536 values 20 MB more.
MEMORY_KB = 64 * 1024


def status(table):
    """The status of an spp_vf with a classifier, as bytes."""
    model = Vf(1)
    model('component start cls 3 classifier')
    model('port add ring:0 tx cls')
    text = json.dumps({'results': [{'result': 'success'}], 'info': model.info()})
    return text.replace('"classifier_table": []', '"classifier_table": [' + table + ']').encode()


def entries():
    entry = '{"type":"mac","value":"52:54:00:%02X:%02X:%02X","port":"ring:0"}'
    return ','.join(entry % (i >> 16, i >> 8 & 255, i & 255) for i in range(BYTES // 62))


class Flood:
    """Answers a status with a reply that it sends block by block, and looks at the controller in
    the middle: `half` is set when the first block is sent, the others follow after `go`."""

    def __init__(self, reply):
        self.reply, self.half, self.go = reply, threading.Event(), threading.Event()
        self.model, self.socket, self.has_socket = Vf(1), None, threading.Event()

    def __call__(self, command):
        if command != 'status':
            return self.model(command)
        self.has_socket.wait(LIMIT)
        self.socket.sendall(self.reply[:65536])
        self.half.set()
        self.go.wait(LIMIT)
        try:
            self.socket.sendall(self.reply[65536:])
        except OSError:  # the controller has heard enough
            pass
        return None


class BigReply(Case):
    def setUp(self):
        super().setUp()
        self.dir = self.directory()
        self.ctl = self.start('--state-dir', self.dir)
        self.vf(2)

    def memory_kb(self):
        with open('/proc/%d/status' % self.ctl.process.pid, encoding='ascii') as f:
            return next(int(line.split()[1]) for line in f if line.startswith('VmHWM'))

    def kept(self):
        """All that is on disk after a regular end."""
        text = ''
        for name in os.listdir(self.dir):
            with open(os.path.join(self.dir, name), encoding='ascii') as f:
                text += f.read()
        return text

    def flood(self, reply):
        flood, mark = Flood(reply), self.ctl.mark()
        process = self.connect(flood)
        flood.socket = process.socket
        flood.has_socket.set()
        self.assertTrue(flood.half.wait(LIMIT))
        return flood, process, mark

    def check(self, reply):
        flood, process, mark = self.flood(reply)
        # Served while the reply is under way, and while it floods in.
        self.assertEqual(self.ctl.get('/v1/vfs/2').status, 200)
        self.check_json(self.ctl.get('/v1/processes'), [{'type': 'vf', 'client-id': 2},
                                                        {'type': 'vf', 'client-id': 1}])
        flood.go.set()
        others = [Background(self.ctl, 'GET', '/v1/processes') for _ in range(4)]
        for request in others:
            self.assertEqual(request.result().status, 200)
        process.wait_closed()
        self.ctl.wait_log('vf 1 is cut off: its reply to `status` has more than 1048576 bytes or '
                          '65536 values; let it give its status in pages', mark)
        lines = [line for line in self.ctl.log[mark:] if 'vf 1' in line]
        self.assertEqual(len([line for line in lines if 'cut off' in line]), 1, lines)
        self.assertFalse([line for line in lines if 'vf 1 replied' in line], lines)
        self.check_json(self.ctl.get('/v1/processes'), [{'type': 'vf', 'client-id': 2}])
        self.assertEqual(self.ctl.get('/v1/vfs/2').status, 200)
        self.assertLess(self.memory_kb(), MEMORY_KB)
        self.assertEqual(self.ctl.stop(), 0)
        self.assertNotIn('vf 1', self.kept())

    def test_a_table_of_200000_entries(self):
        self.check(status(entries()))

    def test_values_of_few_bytes(self):
        self.check(status(','.join(['{}'] * (BYTES // 3))))

    def test_text_that_is_no_json(self):
        self.check(b'{' + b'"a" "b" ' * (BYTES // 8))

    def test_a_string_without_end(self):
        self.check(b'{"results":"' + b'x' * BYTES)

    def test_no_json_at_all(self):
        self.check(b'x' * BYTES)


if __name__ == '__main__':
    main()
