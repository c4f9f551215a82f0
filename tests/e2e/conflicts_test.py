# SPDX-License-Identifier: BSD-3-Clause
"""Start-up failures and conflicts between processes: each is refused with one sentence that names
the cause and the remedy, and nothing of it stays behind."""
import os
import shutil
import signal

from panel import (HUGE_DIR, TMP, ask, ask_message, check, component, configuration,
                   equal, fails, known, matches, port, primary_argv, processes, program, rest,
                   rest_ok, run, spp, spp_ctl, spp_primary, spp_vf, tell, vf_argv, wait_until)

NO_PRIMARY = 'there is no primary process to attach to; start spp_primary first'
DEAD_PRIMARY = 'the primary process has died; start spp_primary again: this process then ends'
# Small enough for a second process beside the first.
SMALL = {'eal': ('--file-prefix', 'second', '--socket-mem', '8'), 'options': ('--mbufs', '1024')}


def refused(argv, pattern):
    """One sentence and nothing else, DPDK's own lines neither."""
    equal([line for line in fails(argv, pattern) if not line.startswith('Try `')], [],
          'what is printed besides')


def instead(argv, **words):
    """The same command line with the values of some options replaced: name=value."""
    values = {'-' + name if len(name) == 1 else '--' + name.replace('_', '-'): value
              for name, value in words.items()}
    return [values.get(before, word) if word[:1] != '-' else
            (f'{word.partition("=")[0]}={values[word.partition("=")[0]]}'
             if word.partition('=')[0] in values and '=' in word else word)
            for before, word in zip(['', *argv], argv)]


def left_behind():
    """Files of the panel and of DPDK."""
    found = [os.path.join('/run/spp', name) for name in
             (os.listdir('/run/spp') if os.path.isdir('/run/spp') else [])]
    for directory in ('/run/dpdk', HUGE_DIR):
        for path, directories, files in os.walk(directory):
            found += [os.path.join(path, name) for name in files]
            if path != directory:
                found.append(path)
    return found


def hugetlbfs(name, size):
    path = os.path.join(TMP, name)
    os.mkdir(path)
    run('mount', '-t', 'hugetlbfs', '-o', f'pagesize=2M,size={size}', 'none', path)
    return path


tell('a primary that cannot start')
os.mkdir(os.path.join(TMP, 'plain'))
for directory in (os.path.join(TMP, 'plain'), hugetlbfs('empty', '0'), hugetlbfs('small', '2M')):
    refused(instead(primary_argv(), huge_dir=directory),
            'DPDK gets no hugepages, or too few: reserve and mount some .*--socket-mem')
    equal(os.listdir(directory), [], f'files in {directory}')
refused(instead(primary_argv(), socket_mem='1000000'), 'too few: .*[Nn]ot enough memory')
refused(primary_argv(options=('--mbufs', '1000000')), '1000000 packet buffers need about 2.* MB')
refused(instead(primary_argv(), l='1,77'), 'does not accept its options.*lcore 77 unavailable')
refused(primary_argv(eal=('--nonsense',)), 'DPDK does not accept its options')
refused(primary_argv(eal=('--vdev', 'net_nosuch0')), 'net_nosuch0')
fails(primary_argv(mask='0x4'), 'none of the ports of the mask 0x4 is there; .*--vdev')
refused(primary_argv(mask='0x0'), 'the mask selects no port')
refused(primary_argv(mask='two'), "'two' is not a hexadecimal mask")
for option in '--no-huge', '--in-memory', '--no-shconf':
    refused(primary_argv(eal=(option,)), f'{option}: no secondary could join this primary; leave')
refused(primary_argv(rings=0), "-n: '0' is not a number from 1 to 256")
refused(primary_argv(options=('--socket', '/nosuch/s.sock')),
        'cannot open directory /nosuch: .*; choose another path with --socket')
equal(left_behind(), [], 'left behind')

tell('an ordinary user')
os.mkdir('/run/spp', 0o700)
os.mkdir('/run/user-dir')
os.chown('/run/user-dir', 65534, 65534)
nobody = ['env', 'XDG_RUNTIME_DIR=/run/user-dir', 'setpriv', '--reuid', '65534', '--regid', '65534',
          '--clear-groups']
standalone = [program('SPP_VF'), '--no-huge', '-m', '64', '--no-pci', '--lcores', '(1-2)@(0-1)',
              '--', '--standalone']
# The build may lie where only root can go.
user_bin = os.path.join(TMP, 'bin')
shutil.copytree(os.environ['PLUGIN_DIR'], os.path.join(user_bin, 'plugins'),
                ignore=lambda _, names: [name for name in names if not name.endswith('.so')])
for name in ('SPP_VF', 'SPP_PRIMARY'):
    shutil.copy(program(name), user_bin)


def for_user(argv):
    places = {program('SPP_VF'): os.path.join(user_bin, 'spp_vf'),
              program('SPP_PRIMARY'): os.path.join(user_bin, 'spp_primary')}
    return [places.get(word, word) for word in argv] + ['--plugin-dir', user_bin + '/plugins']


for argv, sentence in (
        (standalone + ['--socket', '/run/spp/s.sock'], '/run/spp: Permission denied; choose'),
        (primary_argv(), 'DPDK gets no hugepages')):
    outcome = fails(nobody + for_user(argv), sentence, name=os.path.basename(argv[0]))
    equal(outcome, [], 'what is printed besides')
os.rmdir('/run/spp')

tell('a secondary that finds no primary')
refused(vf_argv(), NO_PRIMARY)
equal(left_behind(), [], 'left behind')
ctl = spp_ctl()
primary = spp_primary()
alone = sorted(left_behind())
refused(vf_argv(eal=('--file-prefix', 'other')), NO_PRIMARY)
refused(vf_argv(lcores='0,77'), 'does not accept its options')
refused(vf_argv(options=('--socket', '/nosuch/s.sock')), 'cannot open directory /nosuch')
refused(vf_argv(client_id=128), "--client-id: '128' is not a number from 1 to 127")
equal(sorted(left_behind()), alone, 'left behind')

tell('a second primary')
refused(primary_argv(), 'another process uses .*/dpdk/rte; stop that one or choose another')
refused(primary_argv(taps=0, mask='0x1', eal=(*SMALL['eal'], '--vdev', 'net_null0'),
                     options=(*SMALL['options'], '--socket', '/run/spp/spp_primary.0.sock')),
        'spp_primary.0.sock: another process serves it; stop that one or choose another path')
equal(sorted(left_behind()), alone, 'left behind')
ctl.await_line('primary: connected')
equal(processes(), [{'type': 'primary'}], 'processes')

tell('a second panel needs another file prefix and nothing else')
second = spp_primary(taps=0, mask='0x1', rings=1, options=SMALL['options'],
                     eal=(*SMALL['eal'], '--vdev', 'net_null0'))
# The controller has a primary already, and says so to this one.
second.await_line('the controller refuses this process, because primary is alive: stop that one$')
equal(ask('spp_primary.0.second', 'status')['results'], [{'result': 'success'}], 'reply')
equal(ask('spp_primary.0', 'status')['results'], [{'result': 'success'}], 'reply of the first')
second.send(signal.SIGTERM)
equal(second.wait(), 0, 'exit status')
equal(sorted(left_behind()), alone, 'left behind')

tell('ids, cores and sockets belong to one process')
vf = spp_vf()
known(ctl, 1)
both = sorted(left_behind())
refused(vf_argv(lcores='(0,13)@(0-1)'), f'client id 1 belongs to spp_vf, process {vf.pid}; end')
refused(vf_argv(2, lcores='(0,5)@(0-1)'),
        f'worker core 5 belongs to spp_vf, client id 1, process {vf.pid}; choose other cores')
refused(vf_argv(2, lcores='(0,13)@(0-1)', options=('--socket', '/run/spp/spp_vf.1.sock')),
        'spp_vf.1.sock: another process serves it; stop that one')
equal(sorted(left_behind()), both, 'left behind')
equal(processes(), [{'type': 'primary'}, {'type': 'vf', 'client-id': 1}], 'processes')

tell('ends of rings and ports belong to one component of one process')
other = spp_vf(2, lcores='(2,13)@(0-1)')
known(ctl, 2)
component('mine', 3, 'forward')
port('ring:0', 'rx', 'mine')
port('phy:1', 'tx', 'mine')
component('yours', 13, 'forward', vf=2)
before = configuration(2)
for uid, direction in ('ring:0', 'rx'), ('phy:1', 'tx'):
    answer = rest('PUT', '/v1/vfs/2/components/yours/ports',
                  {'action': 'attach', 'port': uid, 'dir': direction})
    equal((answer.status, answer.text),
          (400, f"command error: Invalid value (port rxtx): {uid} is already {direction} port of "
                f"component 'mine' of client id 1; delete it there first"), 'the refusal')
equal(configuration(2), before, 'configuration of the refused process')
port('ring:0', 'tx', 'yours', vf=2)
port('ring:0', 'rx', 'mine', action='detach')
port('ring:0', 'tx', 'yours', vf=2, action='detach')
port('ring:0', 'rx', 'yours', vf=2)
other.stop(signal.SIGINT)
wait_until(lambda: processes() == [{'type': 'primary'}, {'type': 'vf', 'client-id': 1}],
           'the other is forgotten')
port('ring:0', 'rx', 'mine')

tell('the primary does not leave its secondaries, unless forced')
mark = ctl.mark()
answer = rest('DELETE', '/v1/primary')
equal((answer.status, answer.text.startswith(
    f'command error: error occur: secondaries use this primary: spp_vf 1 (process {vf.pid}); end')),
    (400, True), f'the refusal: {answer.text}')
# A controller may have forgotten it: it comes again.
ctl.await_line('primary: connected', mark)
matches(ask_message('spp_primary.0', 'exit'), 'secondaries use this primary: spp_vf 1 ', 'reply')
check(primary.process.poll() is None and vf.process.poll() is None, 'a process has ended')
rest_ok('GET', '/v1/primary/status')
equal(ask_message('spp_primary.0', 'exit force'), None, 'the reply')
equal(primary.wait(), 0, 'exit status of spp_primary')


def show_orphan_to_clients():
    """The same through the controller: in the body and the note of REST answers, and on a terminal."""
    answer = rest_ok('GET', '/v1/vfs/1')
    equal(answer.json['primary'], 'gone', 'primary, in the answer')
    matches(answer.json['primary_gone'], DEAD_PRIMARY, 'why, in the answer')
    matches(answer.note, DEAD_PRIMARY, 'the note of the answer')
    answer = rest('POST', '/v1/vfs/1/components', {'name': 'late', 'core': 4, 'type': 'forward'})
    equal(answer.status, 400, 'status of the refusal')
    matches(answer.text, DEAD_PRIMARY, 'the refusal')
    for command in 'vf 1; status', 'vf 1; component start late 4 forward':
        matches('\n'.join(spp(command)[1]), DEAD_PRIMARY, f'what {command} prints')


def show_orphan(orphan):
    """What a secondary says whose primary has gone."""
    orphan.await_line(DEAD_PRIMARY)
    matches(ask_message('spp_vf.1', 'component start late 4 forward'), DEAD_PRIMARY, 'the reply')
    for command in 'status', 'verbs', 'component stop nobody':
        reply = ask('spp_vf.1', command)
        matches(reply['results'][0]['note'], DEAD_PRIMARY, f'the note in the reply to {command}')
    info = ask('spp_vf.1', 'status')['info']
    equal(info['primary'], 'gone', 'primary, in the status')
    matches(info['primary_gone'], DEAD_PRIMARY, 'why, in the status')
    equal([c['name'] for c in info['core']], [''] * 4, 'components')
    refused(vf_argv(2, lcores='(0,13)@(0-1)'), NO_PRIMARY)
    matches(ask_message('spp_vf.1', 'nonsense'), f"no verb 'nonsense'.*{DEAD_PRIMARY}", 'the reply')
    show_orphan_to_clients()
    check(orphan.process.poll() is None, 'the secondary has ended')


tell('a secondary whose primary has gone stops, says so, and ends when told')
show_orphan(vf)
equal(ask_message('spp_vf.1', 'exit'), None, 'the reply to exit')
equal(vf.wait(), 0, 'exit status of spp_vf')

tell('or when a new primary starts, with a failure, so that it is started again')
log = ctl.mark()
primary = spp_primary()
vf = spp_vf()
ctl.await_line('vf 1: connected', log)
check(vf.find(DEAD_PRIMARY) is None and ask('spp_vf.1', 'status')['info'].get('primary') is None,
      'the secondary of a living primary')
primary.kill()
show_orphan(vf)
primary = spp_primary()
vf.await_line('^spp_vf: the primary process has died and a new one starts: ending for it')
equal(vf.wait(), 1, 'exit status of spp_vf')
primary.await_line(f'spp_vf 1 .process {vf.pid}. has outlived its primary and is asked to end')

tell('one that cannot end is in the way, and named')
vf = spp_vf()
primary.kill()
vf.await_line(DEAD_PRIMARY)
vf.send(signal.SIGSTOP)
printed = fails(primary_argv(options=('--takeover-wait', '1')),
                f'spp_vf 1 .process {vf.pid}. still uses the memory of an earlier primary, and has '
                'not ended within 1 s')
equal(printed, [], 'what is printed besides')
vf.send(signal.SIGCONT)
vf.kill()

tell('or after a while, when it is told so')
primary = spp_primary()
vf = spp_vf(options=('--orphan-grace', '1'))
primary.kill()
vf.await_line('^spp_vf: the primary process has died, and no new one has started within 1 s')
equal(vf.wait(), 1, 'exit status of spp_vf')

tell('signals end each program, and nothing of it stays')
for number in signal.SIGTERM, signal.SIGINT:
    log = ctl.mark()
    primary = spp_primary()
    vf = spp_vf()
    known(ctl, 1, log)
    vf.stop(number)
    equal(sorted(left_behind()), alone, 'left behind by spp_vf')
    primary.stop(number)
    equal(left_behind(), [], 'left behind by spp_primary')
    ctl.stop(number)
    ctl = spp_ctl()
ctl.stop()
