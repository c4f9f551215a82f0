# SPDX-License-Identifier: BSD-3-Clause
"""The users' document, section 2.2: two virtual machines with two interfaces each, a remote host
with two, twelve workers in between, and ssh logins on all four ways.  ssh_test.sh runs it."""
import hashlib
import os
import subprocess
import threading

from panel import (LIMIT, RECIPES, TMP, Program, Wrong, ask, check, equal, in_netns, known,
                   links_up, need, rest_ok, run, skip, spp, spp_ctl, spp_primary, spp_vf, tell,
                   wait_until)

need('qemu-system-x86_64', 'socat', 'ssh', 'sshpass', 'ping')
VM = os.path.join(RECIPES, '..', 'devtools', 'vm')
IMAGE = os.path.join(os.environ.get('SPP_VM_DIR', ''), 'image')
if not os.path.exists(os.path.join(IMAGE, 'stamp')):
    skip('there is no image of a virtual machine; run ssh_test.sh')
# This directory has no files of machines that run outside of this test.
os.environ['SPP_VM_DIR'] = os.path.join(TMP, 'vm')
os.makedirs(os.environ['SPP_VM_DIR'])
os.symlink(os.path.abspath(IMAGE), os.path.join(os.environ['SPP_VM_DIR'], 'image'))
SOCKETS = os.path.join(TMP, 'sockets')
os.mkdir(SOCKETS)

HOST = 'host1'
# Path, machine and address of each login; path N comes in by NIC N - 1.
LOGINS = [(1, 'spp-vm1', '192.168.140.21'), (2, 'spp-vm1', '192.168.150.21'),
          (1, 'spp-vm2', '192.168.140.22'), (2, 'spp-vm2', '192.168.150.22')]
BLOB = os.urandom(20 << 20)
BLOB_SUM = hashlib.sha256(BLOB).hexdigest()
BOOT_LIMIT = 300  # seconds: two emulated machines beside twelve workers on what CPU there is


# The remote host

def make_host():
    """Its only knowledge of the machines: their addresses.  It asks for the rest by ARP."""
    run('ip', 'netns', 'add', HOST)
    for link, address in ('ens0', '192.168.140.1/24'), ('ens1', '192.168.150.1/24'):
        run('ip', 'link', 'set', link, 'netns', HOST)
        run('ip', '-n', HOST, 'address', 'add', address, 'dev', link)
        links_up(link, netns=HOST)


def ssh_argv(name, address, command):
    return [*in_netns(HOST), VM, 'ssh', name, address, command]


def ssh(name, address, command, data=None):
    """Log in and run a command; returns its output."""
    done = subprocess.run(ssh_argv(name, address, command), input=data, capture_output=True,
                          timeout=5 * LIMIT)
    check(done.returncode == 0, f'ssh to {name}, {address}: {command!r} ended with '
          f'{done.returncode}: {done.stderr.decode()}')
    return done.stdout


def show_login(name, address):
    equal(ssh(name, address, 'hostname').decode(), name + '\n', f'host name behind {address}')


def show_logins(*logins):
    for _, name, address in logins:
        show_login(name, address)


def show_password_login(name, address):
    done = subprocess.run(
        [*in_netns(HOST), 'sshpass', '-f', os.path.join(IMAGE, 'password'), 'ssh', '-F', 'none',
         '-o', 'PubkeyAuthentication=no', '-o', 'StrictHostKeyChecking=no',
         '-o', 'UserKnownHostsFile=/dev/null', f'sppuser@{address}', 'hostname'],
        capture_output=True, text=True, timeout=5 * LIMIT, check=False)
    equal((done.returncode, done.stdout), (0, name + '\n'), f'by password: {done.stderr}')


def show_transfers(name, address):
    """To the machine and back again: the machine has no room to keep the file."""
    seen = ssh(name, address, 'sha256sum', BLOB).decode().split()[0]
    equal(seen, BLOB_SUM, f'checksum of what {name} got by {address}')
    back = ssh(name, address, 'cat', BLOB)
    equal(hashlib.sha256(back).hexdigest(), BLOB_SUM, f'checksum of what came from {address}')


def answers_ping(address):
    return subprocess.run([*in_netns(HOST), 'ping', '-c', '1', '-W', '1', address],
                          capture_output=True, timeout=LIMIT, check=False).returncode == 0


class Transfer(threading.Thread):
    """An upload of 20 MB, and then more of it, until the test ends it."""

    def __init__(self, name, address):
        super().__init__(daemon=True)
        self.what = f'the transfer to {name} by {address}'
        self.sum, self.nb_sent, self.is_over = hashlib.sha256(), 0, threading.Event()
        self.flows = threading.Event()
        self.process = subprocess.Popen(ssh_argv(name, address, 'sha256sum'),
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE)
        self.start()
        check(self.flows.wait(5 * LIMIT), f'{self.what} does not begin')

    def run(self):
        size = 64 << 10
        while self.nb_sent < len(BLOB) or not self.is_over.is_set():
            start = self.nb_sent % len(BLOB)
            try:
                self.process.stdin.write(BLOB[start:start + size])
            except BrokenPipeError:
                return  # end() tells
            self.sum.update(BLOB[start:start + size])
            self.nb_sent += size
            # More than all buffers on the way hold.
            if self.nb_sent >= 8 << 20:
                self.flows.set()

    def end(self):
        self.is_over.set()
        self.join(5 * LIMIT)
        check(not self.is_alive(), f'{self.what} has stopped')
        output, errors = self.process.communicate(timeout=5 * LIMIT)
        equal(output.decode().split()[:1], [self.sum.hexdigest()],
              f'checksum of {self.what} ({errors.decode()})')


# The machines

def vm_start(name):
    return Program(name + '.start', [VM, 'start', '--sockets', SOCKETS, '--timeout',
                                     str(BOOT_LIMIT), name])


def vm_started(start):
    """Its own limit is the longer one: two machines boot beside each other."""
    try:
        status = start.process.wait(BOOT_LIMIT + LIMIT)
    except subprocess.TimeoutExpired:
        raise Wrong(f'{start.name} does not end') from None
    equal(status, 0, f'exit status of {start.argv}, which says {start.lines}')


def vm_pid(name):
    with open(os.path.join(os.environ['SPP_VM_DIR'], 'run', name, 'pid'), encoding='utf-8') as file:
        return int(file.read())


def boot_ids():
    """One for each boot of each machine."""
    return [ssh(name, address, 'cat /proc/sys/kernel/random/boot_id')
            for path, name, address in LOGINS if path == 2]


def vhost_sockets():
    return sorted(os.listdir(SOCKETS))


# The panel

def play(*steps):
    """Recipes, as a user does; each command of them is answered with success."""
    directory = os.path.join(RECIPES, 'usecases', 'spp_vf', 'ssh')
    for step in steps:
        name = next(name for name in sorted(os.listdir(directory)) if name.startswith(f'{step}-'))
        status, lines = spp(f'playback {os.path.join(directory, name)}')
        equal(status, 0, f'exit status of spp for {name}, which says {lines}')
        for line in lines:
            check(line.startswith(('#', 'Succeeded to ', 'Exit ')), f'{name} is answered {line!r}')


CONFIG = os.path.join(TMP, 'sockets.conf')
with open(CONFIG, 'w', encoding='utf-8') as file:
    file.write(f'port "vhost" {{ options = {{"directory={SOCKETS}"}} }}\n')


def links():
    """What each vhost port says of its guest."""
    status = ask('spp_vf.1', 'status')['info']['port_status']
    return {p['port']: p['link'] for p in status if p['port'].startswith('vhost:')}


def all_links(state):
    return {f'vhost:{n}': state for n in range(4)}


def start_vf():
    """Fourteen lcores with those of the primary, on the two CPUs that there are."""
    return spp_vf(1, lcores='(0,2-13)@(0-1)', options=['--vhost-client', '--config', CONFIG])


ctl = spp_ctl()
primary = spp_primary()
make_host()

tell('the machines start first: they boot when the panel serves them')
starts = [vm_start(name) for name in ('spp-vm1', 'spp-vm2')]
wait_until(lambda: len(vhost_sockets()) >= 2, 'the machines make sockets')
vf = start_vf()
known(ctl, 1)
play(1, 2, 3, 4, 5, 6)
for start in starts:
    vm_started(start)
equal(vhost_sockets(), ['sock0', 'sock1', 'sock2', 'sock3'], 'sockets')
equal(links(), all_links('up'), 'links')

tell('each login runs a command, and moves 20 MB each way')
for _, name, address in LOGINS:
    show_login(name, address)
    show_transfers(name, address)
show_password_login('spp-vm2', LOGINS[2][2])
equal(ssh('spp-vm1', LOGINS[0][2], "sudo ethtool -k ens4 | grep ^tx-checksumming").decode(),
      'tx-checksumming: off\n', 'offloads of the guest, which nobody switched')

tell('path 1 is shut down while path 2 moves data')
before = boot_ids()
transfers = [Transfer(name, address) for path, name, address in LOGINS if path == 2]
play(7)
for transfer in transfers:
    transfer.end()
for path, _, address in LOGINS:
    equal(answers_ping(address), path == 2, f'{address} answers')
components = [c['name'] for c in rest_ok('GET', '/v1/vfs/1').json['components'] if c['name']]
equal(components, ['cls2', 'fwd5', 'fwd6', 'fwd7', 'fwd8', 'mgr2'], 'components')

tell('and set up again')
play(1, 2, 3)
show_logins(*LOGINS)

tell('a machine is killed and starts again, after the panel: nobody gives a command')
os.kill(vm_pid('spp-vm2'), 9)
wait_until(lambda: links() == {**all_links('up'), 'vhost:2': 'down', 'vhost:3': 'down'},
           'the links of spp-vm2 go down')
show_logins(*LOGINS[:2])
vm_started(vm_start('spp-vm2'))
show_logins(*LOGINS)
after = boot_ids()
equal(after[0], before[0], 'the machine that was not touched')
check(after[1] != before[1], 'spp-vm2 has not started again')

tell('spp_vf is killed and starts again: the controller restores it, the machines just wait')
log = ctl.mark()
vf.kill()
vf = start_vf()
ctl.await_line('vf 1: configuration restored', log)
show_logins(*LOGINS)
equal(boot_ids(), after, 'boots of the machines')
show_transfers('spp-vm2', LOGINS[3][2])

tell('what the document does to offloads in the guest is not needed, and does no harm')
equal(ssh('spp-vm1', LOGINS[0][2], 'sudo ethtool -K ens4 tx off && echo done').decode(), 'done\n',
      'the command of the document')
show_login('spp-vm1', LOGINS[0][2])

tell('both paths are taken apart in the order of the document')
play(7, 8)
equal(rest_ok('GET', '/v1/vfs/1').json['ports'], ['phy:0', 'phy:1'], 'ports')
play(9)
equal(vf.wait(), 0, 'exit status of spp_vf')
for name in 'spp-vm1', 'spp-vm2':
    run(VM, 'stop', name)
primary.stop()
ctl.stop()
