#!/usr/bin/python3
# SPDX-License-Identifier: BSD-3-Clause
"""Send numbered frames into interfaces and say exactly what comes out of others.

Two uses, both for smoke tests (see _init.sh):

frames.py talk IFACE...     opens the interfaces, then obeys one command per line of stdin and
                            answers each with one line, `ok ...` or `wrong: ...`:
    send IFACE FRAME...                 send frames
    expect IFACE FRAME...               wait until these have arrived, byte for byte and, among
                                        frames of one stream, in this order
    atmost IFACE FRAME...               of these, none has arrived twice, late or changed
    nothing                             no frame is left that was not expected
frames.py flow SECONDS IFACE IFACE FRAME...
                            keeps frames of each stream flowing from the first interface to the
                            second until stdin ends, with a limited number under way.  Prints
                            `flowing` once every stream has delivered, and at the end what was
                            sent, `stream N: M frames`, or `wrong: ...` if a frame is lost,
                            doubled, out of order or changed.  SECONDS without progress are loss.

FRAME is key=value pairs joined by `,`: to=MAC, from=MAC, tag=VID/PCP[/DEI[/TPID]] (repeatable,
outermost first), size=BYTES (without tags), stream=N, first=N, count=N, copies=N, type=ETHERTYPE.
A frame holds its stream and number; the rest of its bytes follow from these.
"""

import random
import select
import socket
import struct
import sys
import time

MAGIC = b"SPPF"
TYPE_DEFAULT = 0x88B5  # IEEE 802 local experimental
TAGS = (0x8100, 0x88A8)
EXPECT_SECONDS = 30
WINDOW = 64  # frames under way per stream: far below a TAP's queue

RECEIVE_BUFFER = 64 << 20
SOL_PACKET = 263
PACKET_AUXDATA = 8
PACKET_OUTGOING = 4
SO_RCVBUFFORCE = 33
ETH_P_ALL = 3
VLAN_VALID = 1 << 4
VLAN_TPID_VALID = 1 << 6


class Wrong(Exception):
    """What the panel did is not what was expected."""


class Spec:
    """Frames as described by a FRAME word."""

    def __init__(self, text):
        self.to, self.source = "52:54:00:12:34:56", "02:00:00:00:00:01"
        self.tags, self.size, self.type = [], 60, TYPE_DEFAULT
        self.stream = self.first = 0
        self.count = self.copies = 1
        for pair in text.split(","):
            key, _, value = pair.partition("=")
            if key in ("to", "from"):
                setattr(self, "source" if key == "from" else key, value)
            elif key == "tag":
                self.tags.append(tag_bytes(*(int(part, 0) for part in value.split("/"))))
            elif key in ("size", "stream", "first", "count", "copies", "type"):
                setattr(self, key, int(value, 0))
            else:
                raise ValueError(f"unknown key '{key}' in '{text}'")

    def numbers(self):
        return range(self.first, self.first + self.count)

    def frame(self, number):
        head = mac_bytes(self.to) + mac_bytes(self.source) + b"".join(self.tags)
        body = MAGIC + struct.pack("!HI", self.stream, number)
        length = self.size - 14 - len(body)
        fill = random.Random(self.stream << 32 | number).randbytes(max(length, 0))
        return head + struct.pack("!H", self.type) + body + fill


def mac_bytes(text):
    return bytes(int(octet, 16) for octet in text.split(":"))


def tag_bytes(vid, pcp=0, dei=0, tpid=0x8100):
    return struct.pack("!HH", tpid, pcp << 13 | dei << 12 | vid)


def identity(frame):
    """(stream, number) of one of our frames, None for anybody else's."""
    at = 12
    while int.from_bytes(frame[at : at + 2], "big") in TAGS:
        at += 4
    at += 2
    if frame[at : at + 4] != MAGIC or len(frame) < at + 10:
        return None
    return struct.unpack_from("!HI", frame, at + 4)


def open_interface(name):
    link = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_ALL))
    try:
        link.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, RECEIVE_BUFFER)
    except PermissionError:
        link.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER)
    link.setsockopt(SOL_PACKET, PACKET_AUXDATA, 1)
    link.bind((name, 0))
    link.setblocking(False)
    return link


def send(link, frame):
    while True:
        try:
            link.send(frame)
            return
        except (BlockingIOError, OSError) as error:
            if error.errno not in (11, 105):  # EAGAIN, ENOBUFS: the queue is full for a moment
                raise
            select.select([], [link], [], 0.01)


def receive(link):
    """All frames of ours that wait, with the outer tag that the kernel has taken off put back."""
    while True:
        try:
            frame, extra, _, address = link.recvmsg(65536, socket.CMSG_SPACE(20))
        except BlockingIOError:
            return
        if address[2] == PACKET_OUTGOING:
            continue
        for level, kind, data in extra:
            if (level, kind) == (SOL_PACKET, PACKET_AUXDATA):
                status, _, _, _, _, tci, tpid = struct.unpack("IIIHHHH", data[:20])
                if status & VLAN_VALID:
                    tpid = tpid if status & VLAN_TPID_VALID else 0x8100
                    frame = frame[:12] + struct.pack("!HH", tpid, tci) + frame[12:]
        if identity(frame):
            yield frame


class Talk:
    """The panel's environment: sends, and keeps what arrives until somebody expects it."""

    def __init__(self, names):
        self.links = {name: open_interface(name) for name in names}
        self.arrived = {name: [] for name in names}

    def collect(self, seconds=0.0):
        ready, _, _ = select.select(list(self.links.values()), [], [], seconds)
        for name, link in self.links.items():
            if link in ready:
                self.arrived[name].extend(receive(link))
        return bool(ready)

    def send(self, name, *texts):
        nb = 0
        for spec in map(Spec, texts):
            for number in spec.numbers():
                send(self.links[name], spec.frame(number))
                nb += 1
        return f"sent {nb}"

    def expect(self, name, *texts):
        specs = [Spec(text) for text in texts]
        for stream in {spec.stream: None for spec in specs}:
            self.take(name, stream, [spec for spec in specs if spec.stream == stream])
        return "as expected"

    def take(self, name, stream, specs):
        nb_wanted = sum(spec.count * spec.copies for spec in specs)
        deadline = time.monotonic() + EXPECT_SECONDS
        got = []
        while True:
            here = self.arrived[name]
            got.extend(frame for frame in here if identity(frame)[0] == stream)
            self.arrived[name] = [frame for frame in here if identity(frame)[0] != stream]
            if len(got) >= nb_wanted:
                break
            if not self.collect(0.1) and time.monotonic() > deadline:
                raise Wrong(f"{name}: {len(got)} of {nb_wanted} frames of stream {stream} arrived")
        compare(name, got, specs)

    def atmost(self, name, *texts):
        self.collect()
        specs = [Spec(text) for text in texts]
        streams = {spec.stream for spec in specs}
        got = [frame for frame in self.arrived[name] if identity(frame)[0] in streams]
        self.arrived[name] = [frame for frame in self.arrived[name] if frame not in got]
        compare(name, got, specs)
        return f"{len(got)} arrived"

    def nothing(self):
        self.collect()
        for name, frames in self.arrived.items():
            if frames:
                raise Wrong(f"{name}: {len(frames)} unexpected frames, first {frames[0].hex()}")
        return "nothing else arrived"


def compare(name, got, specs):
    """Each frame as often as wanted; ascending numbers in each spec, copy by copy."""
    origin = {spec.frame(number): spec for spec in specs for number in spec.numbers()}
    seen, last = {}, {}
    for frame in got:
        stream, number = identity(frame)
        spec = origin.get(frame)
        if not spec:
            raise Wrong(f"{name}: stream {stream}: frame {number} arrived as {frame.hex()}")
        copy = seen[frame] = seen.get(frame, 0) + 1
        if copy > spec.copies:
            raise Wrong(f"{name}: stream {stream}: frame {number} arrived {copy} times")
        if number < last.get((spec, copy), -1):
            raise Wrong(f"{name}: stream {stream}: frame {number} arrived late")
        last[spec, copy] = number


def talk(names):
    actor = Talk(names)
    verbs = {name: getattr(actor, name) for name in ("send", "expect", "atmost", "nothing")}
    print("ready", flush=True)
    for line in sys.stdin:
        verb, *words = line.split()
        try:
            print("ok", verbs[verb](*words), flush=True)
        except Wrong as wrong:
            print("wrong:", wrong, flush=True)


class Stream:
    def __init__(self, text):
        self.spec = Spec(text)
        self.sent = self.arrived = 0

    def accept(self, frame):
        number = identity(frame)[1]
        if number != self.arrived:
            raise Wrong(f"stream {self.spec.stream}: frame {number} arrived instead of {self.arrived}")
        if frame != self.spec.frame(number):
            raise Wrong(f"stream {self.spec.stream}: frame {number} arrived as {frame.hex()}")
        self.arrived += 1


def flow_step(source, sink, streams, more):
    """Fill the windows, take what has arrived.  Returns the number of frames taken."""
    for stream in streams.values():
        while more and stream.sent - stream.arrived < WINDOW:
            send(source, stream.spec.frame(stream.sent))
            stream.sent += 1
    select.select([sink], [], [], 0.1)
    nb = 0
    for frame in receive(sink):
        stream = streams.get(identity(frame)[0])
        if stream:
            stream.accept(frame)
            nb += 1
    return nb


def flow(seconds, source_name, sink_name, *texts):
    source, sink = open_interface(source_name), open_interface(sink_name)
    streams = {stream.spec.stream: stream for stream in map(Stream, texts)}
    more, announced, progress = True, False, time.monotonic()
    while more or any(s.arrived < s.sent for s in streams.values()):
        if flow_step(source, sink, streams, more):
            progress = time.monotonic()
        if time.monotonic() - progress > float(seconds):
            lost = ", ".join(f"stream {n} has {s.arrived} of {s.sent}" for n, s in streams.items())
            raise Wrong(f"no frame for {seconds} s: {lost}")
        if not announced and all(s.arrived for s in streams.values()):
            announced = True
            print("flowing", flush=True)
        if more and select.select([sys.stdin], [], [], 0)[0] and not sys.stdin.readline():
            more = False
    for number, stream in streams.items():
        print(f"stream {number}: {stream.arrived} frames", flush=True)


def main():
    verb, *words = sys.argv[1:] or [""]
    try:
        if verb == "talk":
            talk(words)
        elif verb == "flow":
            flow(*words)
        else:
            sys.exit(__doc__)
    except Wrong as wrong:
        print("wrong:", wrong, flush=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
