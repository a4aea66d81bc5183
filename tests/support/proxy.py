"""A wire between the command and the server that can be cut after any number of bytes, and mended."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

_PIECE = 4096  # bytes: a cut may fall within a message


class Wire:
    """Carries what is sent to a port of the loopback address to another, and back, until it is cut."""

    def __init__(self, target: int, listener: socket.socket) -> None:
        self.port = int(listener.getsockname()[1])
        self.n_bytes = 0  # carried in both directions since the last ``mend``
        self._target = target
        self._limit: int | None = None
        self._lock = threading.Lock()
        self._ends: set[socket.socket] = set()
        self._is_cut = threading.Event()

    def cut_after(self, n_bytes: int) -> None:
        """Begin to count anew, and let the wire be cut once so many bytes were carried."""
        self.mend()
        self._limit = n_bytes

    def mend(self) -> None:
        """Let the wire carry everything again, also what is connected from now on."""
        with self._lock:
            self.n_bytes, self._limit = 0, None
        self._is_cut.clear()

    def await_cut(self, timeout_s: float) -> bool:
        """Wait until the wire is cut; False where it was not within the time."""
        return self._is_cut.wait(timeout_s)

    def carry(self, near: socket.socket) -> None:
        """Carry one connection until it ends; one that is made while the wire is cut is hung up."""
        with near:
            if self._is_cut.is_set():
                return
            with socket.create_connection(("127.0.0.1", self._target)) as far:
                with self._lock:
                    self._ends |= {near, far}
                back = threading.Thread(target=self._pump, args=(far, near), daemon=True)
                back.start()
                self._pump(near, far)
                back.join()
                with self._lock:
                    self._ends -= {near, far}

    def _pump(self, source: socket.socket, sink: socket.socket) -> None:
        with suppress(OSError):
            while piece := source.recv(_PIECE):
                allowed = self._allowed(len(piece))
                sink.sendall(piece[:allowed])
                if allowed < len(piece):
                    self._cut()
        for end in (source, sink):
            _shut(end)

    def _allowed(self, n: int) -> int:
        """Count bytes that are to be carried, and return how many of them may be."""
        with self._lock:
            left = n if self._limit is None else max(self._limit - self.n_bytes, 0)
            self.n_bytes += n
        return min(n, left)

    def _cut(self) -> None:
        self._is_cut.set()
        with self._lock:
            for end in self._ends:
                _shut(end)


def _shut(end: socket.socket) -> None:
    with suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)


@contextmanager
def wire_to(port: int) -> Iterator[Wire]:
    """Lay a wire to a port of the loopback address."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        wire = Wire(port, listener)

        def accept() -> None:
            with suppress(OSError):
                while True:
                    threading.Thread(target=wire.carry, args=(listener.accept()[0],), daemon=True).start()

        threading.Thread(target=accept, daemon=True).start()
        yield wire
        listener.shutdown(socket.SHUT_RDWR)
