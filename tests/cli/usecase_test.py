#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""The use cases as their document shows them: typed line by line, and played back."""
import re

from cli_harness import FAREWELL, CliCase, Vf, main

CONFIGURE = [
    ('vf 1; component start cls 3 classifier', "Succeeded to start component 'cls' on core:3"),
    ('vf 1; component start fwd1 4 forward', "Succeeded to start component 'fwd1' on core:4"),
    ('vf 1; component start fwd2 5 forward', "Succeeded to start component 'fwd2' on core:5"),
    ('vf 1; component start mgr 6 merge', "Succeeded to start component 'mgr' on core:6"),
    ('vf 1; port add phy:0 rx cls', 'Succeeded to add port'),
    ('vf 1; port add ring:0 tx cls', 'Succeeded to add port'),
    ('vf 1; port add ring:1 tx cls', 'Succeeded to add port'),
    ('vf 1; port add ring:0 rx fwd1', 'Succeeded to add port'),
    ('vf 1; port add ring:2 tx fwd1', 'Succeeded to add port'),
    ('vf 1; port add ring:1 rx fwd2', 'Succeeded to add port'),
    ('vf 1; port add ring:3 tx fwd2', 'Succeeded to add port'),
    ('vf 1; port add ring:2 rx mgr', 'Succeeded to add port'),
    ('vf 1; port add ring:3 rx mgr', 'Succeeded to add port'),
    ('vf 1; port add phy:1 tx mgr', 'Succeeded to add port'),
    ('vf 1; classifier_table add mac 52:54:00:12:34:56 ring:0', 'Succeeded to add'),
    ('vf 1; classifier_table add mac 52:54:00:12:34:58 ring:1', 'Succeeded to add'),
]
SHUTDOWN = [
    ('vf 1; classifier_table del mac 52:54:00:12:34:56 ring:0', 'Succeeded to del'),
    ('vf 1; classifier_table del mac 52:54:00:12:34:58 ring:1', 'Succeeded to del'),
    ('vf 1; port del phy:0 rx cls', 'Succeeded to del port'),
    ('vf 1; port del ring:0 tx cls', 'Succeeded to del port'),
    ('vf 1; port del ring:1 tx cls', 'Succeeded to del port'),
    ('vf 1; port del ring:0 rx fwd1', 'Succeeded to del port'),
    ('vf 1; port del ring:2 tx fwd1', 'Succeeded to del port'),
    ('vf 1; port del ring:1 rx fwd2', 'Succeeded to del port'),
    ('vf 1; port del ring:3 tx fwd2', 'Succeeded to del port'),
    ('vf 1; port del ring:2 rx mgr', 'Succeeded to del port'),
    ('vf 1; port del ring:3 rx mgr', 'Succeeded to del port'),
    ('vf 1; port del phy:1 tx mgr', 'Succeeded to del port'),
    ('vf 1; component stop cls', "Succeeded to delete component 'cls'"),
    ('vf 1; component stop fwd1', "Succeeded to delete component 'fwd1'"),
    ('vf 1; component stop fwd2', "Succeeded to delete component 'fwd2'"),
    ('vf 1; component stop mgr', "Succeeded to delete component 'mgr'"),
]
CONFIGURED = '''\
Basic Information:
  - client-id: 1
  - ports: [phy:0, phy:1, ring:0, ring:1, ring:2, ring:3]
  - lcore_ids:
    - master: 2
    - slaves: [3, 4, 5, 6]
Classifier Table:
  - 52:54:00:12:34:56, ring:0
  - 52:54:00:12:34:58, ring:1
Components:
  - core:3 'cls' (type: classifier)
    - rx: phy:0
    - tx: ring:0
    - tx: ring:1
  - core:4 'fwd1' (type: forward)
    - rx: ring:0
    - tx: ring:2
  - core:5 'fwd2' (type: forward)
    - rx: ring:1
    - tx: ring:3
  - core:6 'mgr' (type: merge)
    - rx: ring:2
    - rx: ring:3
    - tx: phy:1
'''
CLEAN = '''\
Basic Information:
  - client-id: 1
  - ports: [phy:0, phy:1]
  - lcore_ids:
    - master: 2
    - slaves: [3, 4, 5, 6]
Classifier Table:
  No entries.
Components:
  - core:3 '' (type: unuse)
  - core:4 '' (type: unuse)
  - core:5 '' (type: unuse)
  - core:6 '' (type: unuse)
'''


class UseCases(CliCase):
    def test_icmp_typed_line_by_line(self):
        process = self.icmp_vf()
        terminal = self.session()
        for line, output in CONFIGURE:
            self.assertEqual(terminal.type(line), [output], line)
        self.assertEqual(terminal.type('vf 1; status'), CONFIGURED.splitlines())
        for line, output in SHUTDOWN:
            self.assertEqual(terminal.type(line), [output], line)
        self.assertEqual(terminal.type('vf 1; status'), CLEAN.splitlines())
        self.assertEqual(terminal.type('vf 1; exit'), ['Exit vf 1.'])
        process.wait_closed()
        terminal.press('exit\n')
        shown, status = terminal.end()
        self.assertEqual((shown.splitlines()[1:], status), ([FAREWELL], 0))

    def test_icmp_played_back(self):
        process = self.icmp_vf()
        for name in ('1-start_components', '2-add_ports', '3-classifier_table'):
            result = self.spp('-c', 'playback ' + self.recipe('icmp/%s.rcp' % name))
            self.assertEqual(result.returncode, 0, result.stdout)
        self.check_run(self.spp('-c', 'vf 1; status'), CONFIGURED)
        result = self.spp('-c', 'playback ' + self.recipe('icmp/4-shutdown.rcp'))
        self.assertEqual(result.returncode, 0, result.stdout)
        self.assertIn('# vf 1; status\n' + CLEAN, result.stdout)
        self.assertEqual(result.stdout.splitlines()[-2:], ['# vf 1; exit', 'Exit vf 1.'])
        process.wait_closed()

    def test_icmp_recipes_are_what_is_typed(self):
        lines = []
        for name in ('1-start_components', '2-add_ports', '3-classifier_table', '4-shutdown'):
            lines += self.commands_of('icmp/%s.rcp' % name)
        self.assertEqual(lines, [line for line, _ in CONFIGURE + SHUTDOWN]
                         + ['vf 1; status', 'vf 1; exit'])

    def commands_of(self, recipe):
        with open(self.recipe(recipe)) as file:
            return [line for line in file.read().splitlines() if line and line[0] != '#']

    def test_ssh_recipes_set_up_both_paths_and_take_them_apart(self):
        process = self.vf(1, answers=Vf(1, cores=tuple(range(2, 14))))
        self.assertEqual(len(self.commands_of('ssh/1-start_components.rcp')), 6)
        self.assertEqual(len(self.commands_of('ssh/2-add_port_path1.rcp')), 14)
        steps = ('1-start_components', '2-add_port_path1', '3-classifier_table_path1',
                 '4-start_components_path2', '5-add_port_path2', '6-classifier_table_path2')
        for step in steps:
            result = self.spp(self.recipe('ssh/%s.rcp' % step))
            self.assertEqual(result.returncode, 0, result.stdout)
            self.assertNotRegex(result.stdout, '(?m)^(Note|Error)')
        status = self.spp('-c', 'vf 1; status').stdout
        self.assertEqual(len(re.findall(r'(?m)^  - core:', status)), 12)
        self.assertEqual(len(re.findall(r'(?m)^    - [rt]x: ', status)), 28)
        self.assertEqual(len(re.findall(r'(?m)^  - 52:54:00:12:34:5[6-9], ring:', status)), 4)
        for step in ('7-shutdown_path1', '8-shutdown_path2', '9-exit'):
            result = self.spp(self.recipe('ssh/%s.rcp' % step))
            self.assertEqual(result.returncode, 0, result.stdout)
            self.assertNotRegex(result.stdout, '(?m)^(Note|Error)')
        self.assertEqual(process.model.components, {})
        process.wait_closed()


if __name__ == '__main__':
    main()
