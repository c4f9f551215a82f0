# SPDX-License-Identifier: BSD-3-Clause
"""A component and a verb of somebody else's plugin, through REST and the command line, which know
neither."""
import os
import shutil

from panel import (TMP, Frames, ask, check, equal, known, port, rest, rest_ok, spp, spp_ctl,
                   spp_primary, spp_vf, tell, wait_until)

# Ours, and two that are not: `stuck` has a component type and a verb of that name, `keeper` has verbs
# that configure.
directory = os.path.join(TMP, 'plugins')
shutil.copytree(os.environ['PLUGIN_DIR'], directory, ignore=lambda _, names: [
    name for name in names if not name.endswith('.so')])
for name in 'stuck.so', 'keeper.so':
    shutil.copy(os.path.join(os.environ['TEST_PLUGIN_DIR'], name), directory)
plugins = ['--plugin-dir', directory]

ctl = spp_ctl()
primary = spp_primary(plugins=plugins)
vf = spp_vf(plugins=plugins)
known(ctl, 1)


def command(text):
    return rest('POST', '/v1/vfs/1/commands', {'command': text})


tell('the process lists the verb, so the controller and the command line know it')
verbs = rest_ok('GET', '/v1/vfs/1/verbs').json['verbs']
mine = [verb for verb in verbs if verb['owner'] == 'stuck']
equal([verb['grammar'] for verb in mine], ['stuck <action:hold|release|status>'], 'its verbs')

tell('its component works like ours')
equal(spp('vf 1; component start mine 4 stuck'),
      (0, ["Succeeded to start component 'mine' on core:4"]), 'printed')
port('phy:0', 'rx', 'mine')
port('phy:1', 'tx', 'mine')
check("  - core:4 'mine' (type: stuck)" in spp('vf 1; status')[1], 'it is not in the status')
frames = Frames('ens0', 'ens1')
frames.send('ens0', 'count=100')
frames.expect('ens1', 'count=100')


def is_held():
    """Whether the component keeps a packet back."""
    answer = command('stuck status')
    equal(answer.status, 200, 'REST status')
    return answer.json['held']


tell('its verb by REST')
equal(is_held(), False, 'before')
equal(command('stuck hold').status, 200, 'REST status')
frames.send('ens0', 'stream=1')
wait_until(is_held, 'the packet is kept back')
frames.nothing()

tell('the process refuses a command for the stuck core, and its reason reaches REST')
log = ctl.mark()
answer = rest('PUT', '/v1/vfs/1/components/mine/ports',
              {'action': 'detach', 'port': 'phy:1', 'dir': 'tx'})
equal(answer.status, 400, 'REST status')
check('the worker on core 4 has not finished a pass within 2000 ms, nothing was changed'
      in answer.text, answer.text)
equal(is_held(), True, 'after the refusal')
equal(ctl.find('vf 1 did not answer in time', log), None, 'in the log')
equal(command('stuck release').status, 200, 'REST status')
frames.expect('ens1', 'stream=1')
answer = command('stuck explode')
equal(answer.status, 400, 'REST status')
check(answer.text.startswith('command error: Invalid value (action)'), answer.text)

tell('its verb at the command line')
equal(spp('vf 1; stuck hold'), (0, ["Succeeded to run 'stuck'"]), 'printed')
frames.send('ens0', 'stream=2')
wait_until(is_held, 'the packet is kept back')
equal(spp('vf 1; stuck status'), (0, ['- held: true']), 'printed')
equal(spp('vf 1; stuck release'), (0, ["Succeeded to run 'stuck'"]), 'printed')
frames.expect('ens1', 'stream=2')
status, lines = spp('vf 1; stuck explode')
equal((status, len(lines), lines[0].startswith('Error: ')), (1, 1, True), f'printed: {lines}')
equal(spp('vf 1; nosuch'), (1, ['Invalid command "nosuch".']), 'printed')
frames.nothing()

tell('it is restored like ours')
log = ctl.mark()
vf.kill()
vf = spp_vf(plugins=plugins)
ctl.await_line('vf 1: configuration restored with 3 commands', log)
frames.send('ens0', 'stream=3,count=100')
frames.expect('ens1', 'stream=3,count=100')


def config():
    return command('config').json['config']['lines']


tell('what its verbs and idle policies configure comes back, too')
for line in 'component start k 5 keeper', 'keep k 7', 'keep_all 3', 'idle 4 yield', 'keep k 9':
    equal(command(line).status, 200, line)
equal(command('keep nobody 9').status, 400, 'REST status')
wanted = config()
equal(wanted[:2], ['idle 4 yield', 'keep_all 3'], 'lines of the process')
check('keep k 9' in wanted, f'config is {wanted}')
log = ctl.mark()
vf.kill()
vf = spp_vf(plugins=plugins)
ctl.await_line('vf 1: configuration restored with 7 commands', log)
equal(config(), wanted, 'config')
equal(rest_ok('GET', '/v1/vfs/1').json['restore'], {'status': 'restored', 'not_restored': 0}, 'restore')
restore = rest_ok('GET', '/v1/vfs/1/restore').json
equal((len(restore['wish']), len(restore['report']), restore['missing'], restore['extra']), (7, 7, [], []),
      'what differs')

tell('what the process is told by others is shown beside the wish')
equal(ask('spp_vf.1', 'idle 5 yield')['configured'], {'before': ['idle 5 yield']}, 'configured')
restore = rest_ok('GET', '/v1/vfs/1/restore').json
equal((restore['missing'], restore['extra']), ([], ['idle 5 yield']), 'what differs')
vf.stop()
primary.stop()
ctl.stop()
