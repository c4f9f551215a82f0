# SPDX-License-Identifier: BSD-3-Clause
"""The users' document, section 2.1, typed into `spp` at a terminal line by line."""
from icmp import ENTRIES, DEL_ENTRIES, SETUP, SHUTDOWN, STATUS_AFTER, Host1, check_transcript
from panel import (Terminal, check, equal, known, need, spp_ctl, spp_primary, spp_vf, tell,
                   wait_until)

need('ping', 'tcpdump')


def type_all(terminal, lines):
    for line, printed in lines:
        equal(terminal.line(line), [printed], f'printed for {line!r}')


tell('the controller and the command line start before all others')
ctl = spp_ctl()
terminal = Terminal('-b')
equal(terminal.welcome, ['Welcome to the SPP CLI. Type `help` or `?` to list commands.', ''],
      'the welcome text')
primary = spp_primary()
vf = spp_vf()
known(ctl, 1)
host1 = Host1()

tell('2.1.2: components and ports')
type_all(terminal, SETUP)
host1.show_nothing_arrives_before_the_table()
type_all(terminal, ENTRIES)

tell('2.1.3: pings to both addresses are captured on ens1')
host1.show_ping_arrives()
host1.show_packet_facts()
check_transcript(terminal.line('vf 1; status'), [
    'Basic Information:', '  - client-id: 1',
    '  - ports: [phy:0, phy:1, ring:0, ring:1, ring:2, ring:3]', '  - lcore_ids:',
    '    - master: 2', '    - slaves: [3, 4, 5, 6]', 'Classifier Table:',
    '  - 52:54:00:12:34:56, ring:0', '  - 52:54:00:12:34:58, ring:1',
    "  - core:3 'cls' (type: classifier)", '    - rx: phy:0', '    - tx: ring:0',
    '    - tx: ring:1', "  - core:4 'fwd1' (type: forward)", '    - rx: ring:0',
    '    - tx: ring:2', "  - core:5 'fwd2' (type: forward)", '    - rx: ring:1',
    '    - tx: ring:3', "  - core:6 'mgr' (type: merge)", '    - rx: ring:2',
    '    - rx: ring:3', '    - tx: phy:1'])

tell('2.1.4: everything is taken apart')
type_all(terminal, DEL_ENTRIES[:1])
host1.show_only_58_arrives()
type_all(terminal, DEL_ENTRIES[1:])
host1.show_nothing_arrives_without_entries()
type_all(terminal, SHUTDOWN)
check_transcript(terminal.line('vf 1; status'), STATUS_AFTER)
host1.show_still_nothing()

tell('the process ends, then the primary; the controller and the command line stay')
equal(terminal.line('vf 1; exit'), ['Exit vf 1.'], 'printed')
equal(vf.wait(), 0, 'exit status of spp_vf')
wait_until(lambda: terminal.line('vf 1; status') == ['"vf 1" does not exist.'], 'vf 1 is forgotten')
equal(terminal.line('bye all'), ['Closing secondary ...', 'Closing primary ...', 'Exit primary'],
      'printed')
equal(primary.wait(), 0, 'exit status of spp_primary')
equal(terminal.last_line('exit'), ['Thank you for using Soft Patch Panel'], 'printed')
check(ctl.process.poll() is None, 'spp-ctl has ended')
ctl.stop()
