# SPDX-License-Identifier: BSD-3-Clause
"""The ICMP use case: the lines that users type, what they see, and what packets do."""
import re
import subprocess

from panel import (BROADCAST, LIMIT, MAC56, MAC58, MAC99, Frames, Wrong, check, equal, in_netns,
                   run)

ADDED, DELETED = 'Succeeded to add port', 'Succeeded to del port'


def started(name, core):
    return f"Succeeded to start component '{name}' on core:{core}"


def stopped(name):
    return f"Succeeded to delete component '{name}'"


# From the document, word for word, each with what is printed.
SETUP = [
    ('vf 1; component start cls 3 classifier', started('cls', 3)),
    ('vf 1; component start fwd1 4 forward', started('fwd1', 4)),
    ('vf 1; component start fwd2 5 forward', started('fwd2', 5)),
    ('vf 1; component start mgr 6 merge', started('mgr', 6)),
    ('vf 1; port add phy:0 rx cls', ADDED),
    ('vf 1; port add ring:0 tx cls', ADDED),
    ('vf 1; port add ring:1 tx cls', ADDED),
    ('vf 1; port add ring:0 rx fwd1', ADDED),
    ('vf 1; port add ring:2 tx fwd1', ADDED),
    ('vf 1; port add ring:1 rx fwd2', ADDED),
    ('vf 1; port add ring:3 tx fwd2', ADDED),
    ('vf 1; port add ring:2 rx mgr', ADDED),
    ('vf 1; port add ring:3 rx mgr', ADDED),
    ('vf 1; port add phy:1 tx mgr', ADDED),
]
ENTRIES = [
    ('vf 1; classifier_table add mac 52:54:00:12:34:56 ring:0', 'Succeeded to add'),
    ('vf 1; classifier_table add mac 52:54:00:12:34:58 ring:1', 'Succeeded to add'),
]
DEL_ENTRIES = [
    ('vf 1; classifier_table del mac 52:54:00:12:34:56 ring:0', 'Succeeded to del'),
    ('vf 1; classifier_table del mac 52:54:00:12:34:58 ring:1', 'Succeeded to del'),
]
SHUTDOWN = [
    ('vf 1; port del phy:0 rx cls', DELETED),
    ('vf 1; port del ring:0 tx cls', DELETED),
    ('vf 1; port del ring:1 tx cls', DELETED),
    ('vf 1; port del ring:0 rx fwd1', DELETED),
    ('vf 1; port del ring:2 tx fwd1', DELETED),
    ('vf 1; port del ring:1 rx fwd2', DELETED),
    ('vf 1; port del ring:3 tx fwd2', DELETED),
    ('vf 1; port del ring:2 rx mgr', DELETED),
    ('vf 1; port del ring:3 rx mgr', DELETED),
    ('vf 1; port del phy:1 tx mgr', DELETED),
    ('vf 1; component stop cls', stopped('cls')),
    ('vf 1; component stop fwd1', stopped('fwd1')),
    ('vf 1; component stop fwd2', stopped('fwd2')),
    ('vf 1; component stop mgr', stopped('mgr')),
]
STATUS_AFTER = [
    'Basic Information:',
    '  - client-id: 1',
    '  - ports: [phy:0, phy:1]',
    '  - lcore_ids:',
    '    - master: 2',
    '    - slaves: [3, 4, 5, 6]',
    'Classifier Table:',
    '  No entries.',
    "  - core:3 '' (type: unuse)",
    "  - core:4 '' (type: unuse)",
    "  - core:5 '' (type: unuse)",
    "  - core:6 '' (type: unuse)",
]


def check_transcript(printed, document):
    """Every line of the document, in order; `Components:` is the one that it does not have."""
    equal([line for line in printed if line != 'Components:'], document, 'the status')
    equal(printed.count('Components:'), 1, 'number of lines `Components:`')


class Host1:
    """The remote host: a network namespace with ens0 and ens1 at the other end of the NICs."""

    name = 'host1'
    addresses = {MAC56: '192.168.140.56', MAC58: '192.168.140.58'}

    def __init__(self):
        run('ip', 'netns', 'add', self.name)
        for link in ('ens0', 'ens1'):
            run('ip', 'link', 'set', link, 'netns', self.name)
        self._ip('address', 'add', '192.168.140.1/24', 'dev', 'ens0')
        self.frames = Frames('ens0', 'ens1', netns=self.name)
        for mac, address in self.addresses.items():
            self._ip('neighbour', 'add', address, 'lladdr', mac, 'nud', 'permanent', 'dev', 'ens0')
        self.nb_markers = 0

    def _ip(self, *words):
        run('ip', '-n', self.name, *words)

    def _show_dropped(self, *frames, by):
        """None of these frames comes out: a frame that does come out overtakes none of them."""
        self.frames.send('ens0', *frames)
        marker = f'to={by},stream=1000,first={self.nb_markers}'
        self.nb_markers += 1
        self.frames.send('ens0', marker)
        self.frames.expect('ens1', marker)
        self.frames.nothing()

    def show_nothing_arrives_before_the_table(self):
        self.frames.send('ens0', f'to={MAC56},stream=1,count=20', f'to={MAC99},stream=1,first=20')
        self.frames.nothing()

    def show_ping_arrives(self):
        """Also what waited in the NIC for the first table entry."""
        self.frames.expect('ens1', f'to={MAC56},stream=1,count=20')
        capture = subprocess.Popen(
            [*in_netns(self.name), 'tcpdump', '-e', '-n', '-l', '-c', '6', '-i', 'ens1', 'icmp'],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for line in capture.stderr:
            if line.startswith('listening on'):
                break
        for address in self.addresses.values():
            # No host answers: the document's picture has no way back.
            done = subprocess.run([*in_netns(self.name), 'ping', '-c', '3', '-i', '0.2', '-W', '1',
                                   address], capture_output=True, text=True, timeout=LIMIT)
            check('3 packets transmitted, 0 received' in done.stdout, done.stdout + done.stderr)
        try:
            seen, _ = capture.communicate(timeout=LIMIT)
        except subprocess.TimeoutExpired:
            capture.kill()
            raise Wrong(f'tcpdump on ens1 saw only: {capture.communicate()[0]}') from None
        for mac, address in self.addresses.items():
            pattern = f'> {mac}.*{re.escape(address)}: ICMP echo request, id \\d+, seq (\\d+)'
            equal(re.findall(pattern, seen), ['1', '2', '3'], f'echo requests to {address}\n{seen}')

    def show_packet_facts(self):
        both = [f'to={MAC56},stream=2,count=200,size=60',
                f'to={MAC58},stream=3,count=200,size=1514']
        self.frames.send('ens0', *both)
        self.frames.expect('ens1', *both)
        group = [f'to={BROADCAST},stream=4,count=5,copies=2',
                 'to=01:00:5e:00:00:01,stream=5,count=5,copies=2']
        self.frames.send('ens0', *group)
        self.frames.expect('ens1', *group)
        for mac in (MAC56, MAC58):
            self._show_dropped(f'to={MAC99},stream=6,count=20', f'to={MAC56},tag=5/0,stream=7',
                               f'to={MAC58},tag=0/3,stream=8', f'to={BROADCAST},tag=100/0,stream=9',
                               by=mac)
        # Nobody reads phy:1.
        self.frames.send('ens1', f'to={MAC56},stream=10,count=5')
        self.frames.nothing()

    def show_only_58_arrives(self):
        self._show_dropped(f'to={MAC56},stream=11,count=20', by=MAC58)

    def show_nothing_arrives_without_entries(self):
        self.frames.send('ens0', f'to={MAC56},stream=12,count=5', f'to={MAC58},stream=13,count=5')
        self.frames.nothing()

    def show_still_nothing(self):
        self.frames.nothing()
