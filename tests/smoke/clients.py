#!/usr/bin/python3
# SPDX-License-Identifier: BSD-3-Clause
"""Talk to the local socket of a panel as several clients of every kind.  Usage: clients.py SOCKET"""

import json
import socket
import sys

LIMIT = 4096
NB_CLIENTS = 24


class Client:
    def __init__(self):
        self.link = socket.socket(socket.AF_UNIX)
        self.link.settimeout(30)
        self.link.connect(sys.argv[1])
        self.rest = b""

    def send(self, text):
        self.link.sendall(text if isinstance(text, bytes) else text.encode())

    def reply(self):
        while b"\n" not in self.rest:
            data = self.link.recv(65536)
            if not data:
                raise EOFError("the panel closed the connection")
            self.rest += data
        line, _, self.rest = self.rest.partition(b"\n")
        return json.loads(line)

    def ask(self, text):
        self.send(text + "\n")
        return self.reply()


def result(reply):
    return reply["results"][0]["result"]


def message(reply):
    return reply["results"][0]["error_details"]["message"]


def tell(text):
    print("-", text, flush=True)


def main():
    tell("many clients, each with a question under way, each gets its own answer")
    clients = [Client() for _ in range(NB_CLIENTS)]
    for i, client in enumerate(clients):
        client.send(f"frobnicate{i}\nstatus\n")
    for client in reversed(clients):
        assert message(client.reply()).startswith("Invalid value (command)")
        assert result(client.reply()) == "success"

    tell("a silent client and one in the middle of a line hold nobody up")
    silent, slow, other = Client(), clients[0], clients[1]
    slow.send(b"component start a")
    assert result(other.ask("status")) == "success"

    tell("many commands in one piece are answered one by one, in order")
    other.send("component start piece 6 forward\nfrobnicate\ncomponent stop piece\n")
    assert [result(other.reply()) for _ in range(3)] == ["success", "error", "success"]

    tell("what one client changes, the others see")
    assert result(other.ask("component start seen 6 forward")) == "success"
    names = [core.get("name") for core in clients[2].ask("status")["info"]["core"]]
    assert "seen" in names, names
    assert result(clients[3].ask("component stop seen")) == "success"

    tell("CR LF, blanks and empty lines")
    other.send("\r\n\n  \nstatus \r\n")
    assert result(other.reply()) == "success"

    tell("a line beyond the limit is an error; the next one is obeyed")
    other.send("x" * (3 * LIMIT) + "\nstatus\n")
    assert result(other.reply()) == "error"
    assert result(other.reply()) == "success"

    tell("bytes that are no text are an error")
    other.send(b"stat\x01us \xff\xfe\n")
    assert result(other.reply()) == "error"

    tell("clients that vanish in the middle of a command or before its answer")
    for client in clients[4:]:
        client.send("status\n" * 50 + "component start half")
        client.link.close()
    assert result(other.ask("status")) == "success"
    names = [core.get("name") for core in other.ask("status")["info"]["core"]]
    assert "half" not in names, names

    tell("a client that never reads gets no more than its share")
    silent.link.setblocking(False)
    try:
        for _ in range(20000):
            silent.link.send(b"status\n")
    except (BlockingIOError, BrokenPipeError, ConnectionResetError):
        pass
    assert result(other.ask("status")) == "success"


main()
