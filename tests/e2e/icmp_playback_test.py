# SPDX-License-Identifier: BSD-3-Clause
"""The ICMP use case played back from the recipes that come with the panel."""
import os

from icmp import DEL_ENTRIES, ENTRIES, SETUP, SHUTDOWN, STATUS_AFTER, Host1
from panel import (RECIPES, Terminal, equal, known, need, spp, spp_ctl, spp_primary, spp_vf, tell)

need('ping', 'tcpdump')
DIRECTORY = os.path.join(RECIPES, 'usecases', 'spp_vf', 'icmp')


def recipe(step):
    name = next(name for name in sorted(os.listdir(DIRECTORY)) if name.startswith(f'{step}-'))
    return os.path.join(DIRECTORY, name)


def echoes(path, printed):
    """What playback prints: comments, and `# ` before every other line; then what that prints."""
    lines = []
    with open(path, encoding='utf-8') as file:
        for line in file.read().splitlines():
            if line.startswith('#'):
                lines.append(line)
                continue
            lines.append(f'# {line}'.rstrip())
            lines += printed.pop(line, []) if line else []
    equal(printed, {}, f'commands missing in {path}')
    return lines


def results(*parts):
    return {line: [text] for part in parts for line, text in part}


def played(lines):
    return [line.rstrip() for line in lines if line != 'Components:']


ctl = spp_ctl()
primary = spp_primary()
vf = spp_vf()
known(ctl, 1)
host1 = Host1()
terminal = Terminal('-b')

tell('components and ports, at the terminal')
for step, part in (1, SETUP[:4]), (2, SETUP[4:]):
    equal(played(terminal.line(f'playback {recipe(step)}')), echoes(recipe(step), results(part)),
          f'printed for recipe {step}')
host1.show_nothing_arrives_before_the_table()

tell('table entries, from a script')
status, lines = spp(f'playback {recipe(3)}')
equal((status, played(lines)), (0, echoes(recipe(3), results(ENTRIES))), 'recipe 3')
host1.show_ping_arrives()
host1.show_packet_facts()

tell('playing a recipe twice changes nothing, and says so')
before = terminal.line('vf 1; status')
printed = terminal.line(f'playback {recipe(2)}')
equal(len([line for line in printed if line.startswith('Note: ')]), 10, f'notes in {printed}')
equal(terminal.line('vf 1; status'), before, 'the status')

tell('everything is taken apart')
printed = played(terminal.line(f'playback {recipe(4)}'))
wanted = results(DEL_ENTRIES, SHUTDOWN)
wanted['vf 1; status'] = STATUS_AFTER
wanted['vf 1; exit'] = ['Exit vf 1.']
equal(printed, echoes(recipe(4), wanted), 'recipe 4')
equal(vf.wait(), 0, 'exit status of spp_vf')
host1.show_still_nothing()
terminal.last_line('exit')
primary.stop()
ctl.stop()
