# SPDX-License-Identifier: BSD-3-Clause
"""The controller is killed and restarted under traffic: no frame is lost, the processes come back
with what they have; one that was killed meanwhile gets its configuration back."""
import os

from panel import (MAC56, MAC58, MAC99, TMP, TWO_PATHS, Flow, check, configuration, configure,
                   equal, known, processes, rest_ok, spp, spp_ctl, spp_primary, spp_vf, table, tell,
                   wait_until)

STATE = ['--state-dir', os.path.join(TMP, 'state')]
ENTRIES = [(MAC56, 'ring:0'), (MAC58, 'ring:1')]
EVERYBODY = [{'type': 'primary'}, {'type': 'vf', 'client-id': 1}]


def is_saved(*macs):
    """The controller writes a moment after a change, for many changes at once."""
    try:
        with open(os.path.join(STATE[1], 'state.json'), encoding='utf-8') as file:
            text = file.read().lower()
    except FileNotFoundError:
        return False
    return text.count('52:54:00:') == len(macs) and all(mac in text for mac in macs)


def everybody_is_back():
    return sorted(processes(), key=str) == sorted(EVERYBODY, key=str)


os.mkdir(STATE[1], 0o700)
ctl = spp_ctl(*STATE)
primary = spp_primary()
vf = spp_vf()
known(ctl, 1)
configure(TWO_PATHS, ENTRIES)
wanted = configuration()
flow = Flow('ens0', 'ens1', f'to={MAC56},stream=0', f'to={MAC58},stream=1')

tell('killed and restarted twice, under traffic')
for n in range(2):
    mark = vf.mark(), primary.mark()
    ctl.kill()
    vf.await_line('controller .*: it has closed the connection; trying again', mark[0])
    primary.await_line('controller .*: it has closed the connection; trying again', mark[1])
    check(flow.is_intact(), 'frames are lost without controller')
    equal(spp('vf 1; status'),
          (1, ['Is not spp-ctl running on 127.0.0.1, nor correct IP address?']),
          'what the command line says')
    ctl = spp_ctl(*STATE)
    known(ctl, 1)
    ctl.await_line('primary: connected')
    equal(everybody_is_back(), True, f'processes: {processes()}')
    equal(configuration(), wanted, f'configuration after restart {n + 1}')
    equal(rest_ok('GET', '/v1/vfs/1/restore').json['status'], 'none', 'what was to restore')
    check(flow.is_intact(), 'frames are lost')

tell('commands work again')
table(MAC99, 'ring:1')
wait_until(lambda: is_saved(MAC56, MAC58, MAC99), 'the state is saved')
table(MAC99, 'ring:1', action='del')
wait_until(lambda: is_saved(MAC56, MAC58), 'the state is saved')
check(flow.end() > 1000, 'too few frames')

tell('the secondary is killed while there is no controller: the state directory knows')
mark = primary.mark()
ctl.kill()
vf.kill()
primary.await_line('client id 1, .* has died', mark)
vf = spp_vf()
ctl = spp_ctl(*STATE)
ctl.await_line('vf 1: configuration restored with 16 commands')
equal(configuration(), wanted, 'configuration')
restore = rest_ok('GET', '/v1/vfs/1/restore').json
equal((restore['status'], restore['commands'], restore['missing'], restore['extra']),
      ('restored', 16, [], []), 'what was restored')
flow = Flow('ens0', 'ens1', f'to={MAC56},stream=0', f'to={MAC58},stream=1')
check(flow.end() > 0, 'no frames')

tell('everything is killed, as when the machine fails; the state directory knows')
vf.kill()
primary.kill()
ctl.kill()
primary = spp_primary()
vf = spp_vf()
ctl = spp_ctl(*STATE)
ctl.await_line('vf 1: configuration restored with 16 commands')
equal(configuration(), wanted, 'configuration')
flow = Flow('ens0', 'ens1', f'to={MAC56},stream=0', f'to={MAC58},stream=1')
check(flow.end() > 0, 'no frames')

tell('without state directory and without restoring, the process stays as it came')
ctl.kill()
vf.kill()
vf = spp_vf()
ctl = spp_ctl('--no-restore')
known(ctl, 1)
equal([c['name'] for c in configuration()['components']], [''] * 4, 'components')
rest_ok('DELETE', '/v1/vfs/1')
equal(vf.wait(), 0, 'exit status of spp_vf')
wait_until(lambda: processes() == EVERYBODY[:1], 'the secondary is forgotten')
primary.stop()
ctl.stop()
