"""Servers that speak Bolt badly or hardly: one that never answers, one that hangs up, an old one, another program's."""

import socket
import struct
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress

Talk = Callable[[socket.socket], None]
_SUCCESS = 0x70
_GOODBYE = 0x02


def silent(connection: socket.socket) -> None:
    """Take everything and answer nothing, as a machine that hangs does."""
    while connection.recv(4096):
        pass


def closing(connection: socket.socket) -> None:
    """Hang up at once, as a proxy without a server behind it does."""


def speaking_http(connection: socket.socket) -> None:
    """Answer as a web server answers what it does not understand."""
    connection.recv(4096)
    connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")


def refusing(connection: socket.socket) -> None:
    """Refuse every version of Bolt that is offered, as servers do that are too old for the driver."""
    connection.recv(20)
    connection.sendall(bytes(4))


def calling_itself(agent: str) -> Talk:
    """Return a server that says yes to everything, in Bolt 4.4, under a name."""

    def talk(connection: socket.socket) -> None:
        connection.recv(20)
        connection.sendall(bytes((0, 0, 4, 4)))
        while (message := _message_of(connection)) and message[1] != _GOODBYE:
            about = {"server": agent, "connection_id": "bolt-1"}
            body = bytes((0xB1, _SUCCESS)) + _packed(about)
            connection.sendall(struct.pack(">H", len(body)) + body + bytes(2))

    return talk


@contextmanager
def stub_server(talk: Talk) -> Iterator[int]:
    """Listen on a free port of the loopback address, talk so on each connection, and yield the port."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=_serve, args=(listener, talk), daemon=True).start()
        yield int(listener.getsockname()[1])
        listener.shutdown(socket.SHUT_RDWR)


def _serve(listener: socket.socket, talk: Talk) -> None:
    with suppress(OSError):
        while True:
            connection, _ = listener.accept()
            threading.Thread(target=_talk, args=(connection, talk), daemon=True).start()


def _talk(connection: socket.socket, talk: Talk) -> None:
    with connection, suppress(OSError):
        talk(connection)


def _message_of(connection: socket.socket) -> bytes:
    """Return the next message, made of chunks that each tell their length; empty where the other side is gone."""
    message = b""
    while True:
        head = connection.recv(2, socket.MSG_WAITALL)
        if len(head) < 2:
            return b""
        length = struct.unpack(">H", head)[0]
        if length == 0:
            return message
        message += connection.recv(length, socket.MSG_WAITALL)


def _packed(texts: Mapping[str, str]) -> bytes:
    """Return a few short texts by name in the driver's own format."""

    def text(said: str) -> bytes:
        return bytes((0xD0, len(said))) + said.encode()

    return bytes((0xA0 + len(texts),)) + b"".join(text(name) + text(said) for name, said in texts.items())
