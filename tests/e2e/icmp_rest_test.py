# SPDX-License-Identifier: BSD-3-Clause
"""The ICMP use case by REST, with curl as users call it."""
import json

from icmp import Host1
from panel import (MAC56, MAC58, TWO_PATHS, equal, known, need, run, spp_ctl, spp_primary, spp_vf,
                   tell, wait_until, without_counters)

need('curl', 'ping', 'tcpdump')
BASE = 'http://127.0.0.1:7777/v1'
NONE = {'operation': 'none', 'id': 0, 'pcp': 0}
IDLE = [{'core': core, 'name': '', 'type': 'unuse', 'rx_port': [], 'tx_port': []}
        for core in (3, 4, 5, 6)]


def curl(method, path, body=None):
    """Returns status, type of the content, and the body."""
    data = [] if body is None else ['-d', json.dumps(body)]
    output = run('curl', '-s', '-S', '-X', method, *data, '-w', '\n%{http_code} %{content_type}',
                 BASE + path)
    text, _, end = output.rpartition('\n')
    status, _, kind = end.partition(' ')
    return int(status), kind, text


def done(method, path, body=None):
    equal(curl(method, path, body), (204, '', ''), f'answer to {method} {path} {body}')


def got(path, wanted):
    status, kind, text = curl('GET', path)
    equal((status, kind, json.loads(text)), (200, 'application/json', wanted), path)


def ports(action):
    for name, _, _, rx, tx in TWO_PATHS:
        for direction, uids in (('rx', rx), ('tx', tx)):
            for uid in uids:
                done('PUT', f'/vfs/1/components/{name}/ports',
                     {'action': action, 'port': uid, 'dir': direction})


def entry(action, mac, uid):
    done('PUT', '/vfs/1/classifier_table',
         {'action': action, 'type': 'mac', 'mac_address': mac, 'port': uid})


def vf_status(components, uids, entries):
    return {'client-id': 1, 'ports': uids, 'master-lcore': 2, 'components': components,
            'classifier_table': [{'type': 'mac', 'value': mac, 'port': uid}
                                 for mac, uid in entries]}


def users_view(path):
    return without_counters(json.loads(curl('GET', path)[2]))


tell('the controller knows nobody, then the primary, then the secondary')
ctl = spp_ctl()
got('/processes', [])
equal(curl('GET', '/primary/status'), (404, 'text/plain', 'primary not found.'), 'no primary')
primary = spp_primary()
ctl.await_line('primary: connected')
got('/processes', [{'type': 'primary'}])
equal(curl('GET', '/vfs/1'), (404, 'text/plain', 'sec_id 1 not found.'), 'no secondary')
vf = spp_vf()
known(ctl, 1)
got('/processes', [{'type': 'primary'}, {'type': 'vf', 'client-id': 1}])
equal(users_view('/vfs/1'), vf_status(IDLE, ['phy:0', 'phy:1'], []), 'status at the start')
host1 = Host1()

tell('components and ports')
for name, core, kind, _, _ in TWO_PATHS:
    done('POST', '/vfs/1/components', {'name': name, 'core': core, 'type': kind})
ports('attach')
host1.show_nothing_arrives_before_the_table()
entry('add', MAC56, 'ring:0')
entry('add', MAC58, 'ring:1')
running = [{'core': core, 'name': name, 'type': kind,
            'rx_port': [{'port': uid, 'vlan': NONE} for uid in rx],
            'tx_port': [{'port': uid, 'vlan': NONE} for uid in tx]}
           for name, core, kind, rx, tx in TWO_PATHS]
uids = ['phy:0', 'phy:1', 'ring:0', 'ring:1', 'ring:2', 'ring:3']
equal(users_view('/vfs/1'), vf_status(running, uids, [(MAC56, 'ring:0'), (MAC58, 'ring:1')]),
      'status while running')

tell('packets')
host1.show_ping_arrives()
host1.show_packet_facts()

tell('the primary has counted them')
status, _, text = curl('GET', '/primary/status')
phy = {p['id']: p for p in json.loads(text)['phy_ports']}
rings = {p['id']: p for p in json.loads(text)['ring_ports']}
for ring in range(4):
    equal(rings[ring]['tx'], rings[ring]['rx'] + rings[ring]['rx_drop'], f'packets of ring:{ring}')
equal(phy[1]['tx'], rings[2]['rx'] + rings[3]['rx'], 'packets out of phy:1')
done('DELETE', '/primary/status')
status, _, text = curl('GET', '/primary/status')
equal([p['rx'] for p in json.loads(text)['ring_ports']], [0] * 10, 'counters after clear')

tell('everything is taken apart')
entry('del', MAC56, 'ring:0')
host1.show_only_58_arrives()
entry('del', MAC58, 'ring:1')
host1.show_nothing_arrives_without_entries()
ports('detach')
for name, *_ in TWO_PATHS:
    done('DELETE', f'/vfs/1/components/{name}')
equal(users_view('/vfs/1'), vf_status(IDLE, ['phy:0', 'phy:1'], []), 'status at the end')
host1.show_still_nothing()

tell('the processes end')
done('DELETE', '/vfs/1')
equal(vf.wait(), 0, 'exit status of spp_vf')
equal(curl('GET', '/vfs/1'), (404, 'text/plain', 'sec_id 1 not found.'), 'the secondary has gone')
wait_until(lambda: curl('DELETE', '/primary')[0] == 204, 'the primary may end')
equal(primary.wait(), 0, 'exit status of spp_primary')
got('/processes', [])
ctl.stop()
