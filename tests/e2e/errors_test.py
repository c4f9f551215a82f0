# SPDX-License-Identifier: BSD-3-Clause
"""Wrong requests, each by REST, by the socket of the process and at the command line: what is said,
and that nothing has changed."""
from panel import (MAC56, MAC58, Wrong, ask, configuration, configure, equal, known, processes,
                   rest, spp, spp_ctl, spp_primary, spp_vf, tell)

COMPONENTS = [('cls', 3, 'classifier', ['phy:0'], ['ring:0', 'ring:1']),
              ('fwd', 4, 'forward', ['ring:0'], ['ring:2']),
              ('mgr', 5, 'merge', ['ring:1', 'ring:2'], ['phy:1'])]
ENTRIES = [(MAC56, 'ring:0')]


class Request:
    """One wrong request in three shapes.  For each: what is said, or its beginning when it ends in
    `...`; None when this shape cannot carry it."""

    def __init__(self, title, command, method, path, body, message, rest_says=None, cli_says=None,
                 on_wire=True):
        self.title, self.command, self.method, self.body = title, command, method, body
        self.path = '/v1/vfs/1' + path
        self.message = message if on_wire else None
        # A request that the controller itself refuses does not reach the process.
        self.rest = rest_says or (400, f'command error: {message}')
        self.cli = cli_says or f'Error: {self.rest[1]}'


def start(title, name, core, kind, message, **kwargs):
    return Request(title, f'component start {name} {core} {kind}', 'POST', '/components',
                   {'name': name, 'core': core, 'type': kind}, message, **kwargs)


def port(title, uid, direction, name, message, action='add', vlan=None, words='', **kwargs):
    body = {'action': 'attach' if action == 'add' else 'detach', 'port': uid, 'dir': direction}
    if vlan is not None:
        body['vlan'] = vlan
    return Request(title, f'port {action} {uid} {direction} {name}{words}', 'PUT',
                   f'/components/{name}/ports', body, message, **kwargs)


def table(title, mac, uid, message, action='add', vid=None, **kwargs):
    kind = 'mac' if vid is None else f'vlan {vid}'
    body = {'action': action, 'type': kind.split()[0], 'mac_address': mac, 'port': uid}
    if vid is not None:
        body['vlan'] = vid
    return Request(title, f'classifier_table {action} {kind} {mac} {uid}', 'PUT',
                   '/classifier_table', body, message, **kwargs)


def invalid(key, value):
    return {'rest_says': (400, f'invalid key({key}): {value}.')}


VLAN_ADD = {'operation': 'add', 'id': 4095, 'pcp': 0}

WRONG = [
    start('a name in use', 'fwd', 6, 'merge', 'Invalid value (component name): ...'),
    start('a name of 32 characters', 'n' * 32, 6, 'forward', 'Invalid value (component name): ...',
          **invalid('name', '' + 'n' * 32 + '')),
    start('a name that is no name', 'a/b', 6, 'forward', 'Invalid value (component name): ...',
          **invalid('name', 'a/b')),
    start('a core that cannot be', 'new', 128, 'forward', 'Invalid value (core): ...',
          **invalid('core', '128')),
    start('a core of nobody', 'new', 99, 'forward', 'Invalid value (core): ...'),
    start('the main core', 'new', 2, 'forward', 'Invalid value (core): ...'),
    start('an unknown role', 'new', 6, 'router', 'Invalid value (component type): ...',
          rest_says=(400, 'invalid key(type): router.'),
          cli_says='Error: command error: Invalid value (component type): ...'),

    port('an unknown component', 'ring:3', 'rx', 'nobody', 'Invalid value (component name): ...'),
    port('an unknown kind of port', 'isdn:0', 'rx', 'mgr', 'Invalid value (port): ...',
         **invalid('port', 'isdn:0')),
    port('a number that is none', 'ring:x', 'rx', 'mgr', 'Invalid value (port): ...',
         **invalid('port', 'ring:x')),
    port('a port that another component receives from', 'phy:0', 'rx', 'mgr',
         "Invalid value (port rxtx): phy:0 is already rx port of component 'cls'; ..."),
    port('a port that another component sends to', 'phy:1', 'tx', 'cls',
         "Invalid value (port rxtx): phy:1 is already tx port of component 'mgr'; ..."),
    port('a port that has both users', 'ring:0', 'rx', 'mgr',
         "Invalid value (port): ring:0 is already rx port of component 'fwd'; ..."),
    port('a second tx port of a forward', 'ring:5', 'tx', 'fwd', 'error occur: ...'),
    port('a second rx port of a forward', 'ring:5', 'rx', 'fwd', 'error occur: ...'),
    port('a second rx port of a classifier', 'ring:5', 'rx', 'cls', 'error occur: ...'),
    port('a second tx port of a merge', 'ring:5', 'tx', 'mgr', 'error occur: ...'),
    port('a ring that the primary does not have', 'ring:10', 'rx', 'mgr',
         'Invalid value (port): ...'),
    port('a NIC that is not there', 'phy:7', 'tx', 'cls', 'Invalid value (port): ...'),
    port('a queue of a port with one queue', 'phy:1nq0', 'rx', 'mgr', 'Invalid value (port): ...'),
    port('a direction that is none', 'ring:3', 'up', 'mgr', 'Invalid value (port rxtx): ...',
         **invalid('dir', 'up')),
    port('VLAN id 4095', 'ring:3', 'rx', 'mgr', 'Invalid value (port vid): ...',
         vlan=VLAN_ADD, words=' add_vlantag 4095 0', **invalid('id', '4095')),
    port('priority 8', 'ring:3', 'rx', 'mgr', 'Invalid value (port pcp): ...',
         vlan={**VLAN_ADD, 'id': 5, 'pcp': 8}, words=' add_vlantag 5 8', **invalid('pcp', '8')),
    port('a VLAN word that is none', 'ring:3', 'rx', 'mgr',
         'Invalid value (port vlan operation)...', vlan={'operation': 'mul'}, words=' mul_vlantag',
         rest_says=(400, 'invalid key(operation): mul.'),
         cli_says='Error: vlantag is Only add_vlantag or del_vlantag.'),

    table('a port of no classifier', MAC58, 'ring:2', 'Invalid value (port): ...'),
    table('a port that nobody has', MAC58, 'ring:7', 'Invalid value (port): ...'),
    table('an address that has another port', MAC56, 'ring:1', 'Invalid value (...'),
    table('an address that is none', '52:54:00:12:34', 'ring:1', 'Invalid value (mac address): ...',
          **invalid('mac_address', '52:54:00:12:34')),
    table('an address with letters', '52:54:00:12:34:xy', 'ring:1',
          'Invalid value (mac address): ...', **invalid('mac_address', '52:54:00:12:34:xy')),
    table('VLAN id 4095', MAC58, 'ring:1', 'Invalid value (vlan id): ...', vid=4095,
          rest_says=(400, 'invalid key(vlan): 4095.')),
    Request('a type that is none', f'classifier_table add ip {MAC58} ring:1', 'PUT',
            '/classifier_table',
            {'action': 'add', 'type': 'ip', 'mac_address': MAC58, 'port': 'ring:1'},
            'Invalid value (type)...', rest_says=(400, 'invalid key(type): ip.'),
            cli_says='Error: Type is only vlan or mac'),
    Request('an action that is none', f'classifier_table mul mac {MAC58} ring:1', 'PUT',
            '/classifier_table',
            {'action': 'mul', 'type': 'mac', 'mac_address': MAC58, 'port': 'ring:1'},
            'Invalid value (action)...', rest_says=(400, 'invalid key(action): mul.')),
]

# Asking for what is so already changes nothing and is no error; the answer says so.
NOTED = [
    Request('stop of an unknown component', 'component stop nobody', 'DELETE', '/components/nobody',
            None, '...nobody...'),
    port('a port that the component has', 'ring:0', 'rx', 'fwd', '...ring:0...'),
    port('a port that it does not have', 'ring:5', 'rx', 'fwd', '...ring:5...', action='del'),
    port('a port that another one has', 'ring:0', 'rx', 'mgr', '...ring:0...', action='del'),
    table('an entry that is there', MAC56, 'ring:0', f'...{MAC56}...'),
    table('an entry that is not there', MAC58, 'ring:0', f'...{MAC58}...', action='del'),
]

# Requests that only one of the three can carry.
ONLY_WIRE = [
    ('nonsense', 'Invalid value (command)...'),
    ('component', 'Wrong message format...'),
    ('component start a', 'Wrong message format...'),
    ('component start a 6', 'Wrong message format...'),
    ('component start a 6 forward one two three',
     "error occur: component 'a': option 'one' has no value; write name=value"),
    ('component start a six forward', 'Invalid value (core)...'),
    ('component mul a', 'Invalid value (action)...'),
    ('port add ring:5 rx', 'Wrong message format...'),
    ('port add ring:5 rx mgr add_vlantag', 'Wrong message format...'),
    ('classifier_table add mac', 'Wrong message format...'),
    ('status now', 'Wrong message format...'),
]
ONLY_REST = [
    ('GET', '/v1/vfs/9', None, (404, 'sec_id 9 not found.')),
    ('GET', '/v1/mirrors/1', None, (404, 'sec_id 1 not found.')),
    ('POST', '/v1/vfs/1/components', {'name': 'a', 'core': 6}, (400, 'key(type) required.')),
    ('POST', '/v1/vfs/1/components', 'no object', (400, 'Not in json format.')),
    ('POST', '/v1/vfs/1/components', {'name': 'a', 'core': True, 'type': 'forward'},
     (400, 'invalid key(core): true.')),
    ('PUT', '/v1/vfs/1/components/fwd/ports', {'action': 'mul', 'port': 'ring:0', 'dir': 'rx'},
     (400, 'invalid key(action): mul.')),
    ('POST', '/v1/vfs/1', {}, (405, 'Method not allowed.')),
    ('GET', '/v1/vfs/', None, (404, "Not found: '/v1/vfs/'")),
]
ONLY_CLI = [
    ('vf 9; status', '"vf 9" does not exist.'),
    ('vf 1 status', "Required an ID and ';' before the command."),
    ('vf x; status', 'Invalid command: x;status'),
    ('vf 1; nonsense', 'Invalid command "nonsense".'),
    ('vf 1;', 'Invalid command "".'),
    ('vf 1; component start', 'Error: Not enough parameters.'),
    ('vf 1; component start a six forward', 'Error: core is not a number.'),
    ('vf 1; port add ring:5', 'Error: Not enough parameters.'),
    ('vf 1; port mul ring:5 rx fwd', 'Error: Invalid action.'),
    ('vf 1; port add ring:5 rx mgr add_vlantag', 'Error: Not enough parameters.'),
    ('vf 1; port add ring:5 rx mgr add_vlantag x 0', 'Error: vid is not a number.'),
    ('vf 1; classifier_table add mac', 'Error: Not enough parameters.'),
    ('nonsense', '*** Unknown syntax: nonsense'),
]

wrongs = []


def compare(got, wanted, what):
    """All rows are looked at before the test fails."""
    parts = wanted.split('...')
    fits = got.startswith(parts[0]) and got.endswith(parts[-1]) and parts[1:-1] == [
        part for part in parts[1:-1] if part in got]
    # A message that says no more than the kind of mistake helps nobody.
    if not fits or wanted.endswith('...') and len(got) < len(parts[0]) + 8 and len(parts) == 2:
        wrongs.append(f'{what}\n  is:        {got!r}\n  should be: {wanted!r}')


def reply_text(command):
    result = ask('spp_vf.1', command)['results'][0]
    if result['result'] == 'error':
        return result['error_details']['message']
    return result.get('note', '')


def cli_text(line, status):
    got, lines = spp(line)
    if got != status:
        wrongs.append(f'{line}: exit status {got}: {lines}')
    return '\n'.join(lines)


def unchanged(before, what):
    if configuration() != before:
        wrongs.append(f'{what}: the configuration has changed')


ctl = spp_ctl()
primary = spp_primary()
vf = spp_vf()
known(ctl, 1)
configure(COMPONENTS, ENTRIES)
before = configuration()

tell('wrong requests')
for request in WRONG:
    answer = rest(request.method, request.path, request.body)
    if answer.status != request.rest[0]:
        wrongs.append(f'{request.title}: REST status {answer.status}')
    compare(answer.text, request.rest[1], f'{request.title}: REST')
    unchanged(before, request.title + ': REST')
    compare(reply_text(request.command), request.message, f'{request.title}: {request.command}')
    unchanged(before, request.title + ': socket')
    compare(cli_text(f'vf 1; {request.command}'.replace('nq', ' nq '), 1), request.cli,
            f'{request.title}: CLI')
    unchanged(before, request.title + ': CLI')

tell('requests with nothing to do')
for request in NOTED:
    answer = rest(request.method, request.path, request.body)
    equal((answer.status, answer.text), (204, ''), request.title)
    compare(answer.note or '', request.message, f'{request.title}: X-SPP-Note')
    compare(reply_text(request.command), request.message, f'{request.title}: {request.command}')
    compare(cli_text(f'vf 1; {request.command}', 0), 'Note: ' + request.message,
            f'{request.title}: CLI')
    unchanged(before, request.title)

tell('what only one of them can carry')
for command, message in ONLY_WIRE:
    compare(reply_text(command), message, command)
for method, path, body, (status, text) in ONLY_REST:
    answer = rest(method, path, body)
    compare(f'{answer.status} {answer.text}', f'{status} {text}', f'{method} {path} {body}')
for line, text in ONLY_CLI:
    compare(cli_text(line, 1), text, line)
unchanged(before, 'all of it')
equal(processes(), [{'type': 'primary'}, {'type': 'vf', 'client-id': 1}], 'processes')
vf.stop()
primary.stop()
ctl.stop()
if wrongs:
    raise Wrong(f'{len(wrongs)} of the answers:\n' + '\n'.join(wrongs))
