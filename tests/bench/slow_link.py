"""A poor link: a proxy on this machine that lets so many bytes through a second and cuts connections at random (seeded)."""

import contextlib
import random
import socket
import threading
import time

PIECE = 16_384


class SlowLink:
    """Forwards `port` (chosen freely) to `target` at `rate` bytes a second for all together; one piece in `cut_every` is cut."""

    def __init__(self, target: int, *, rate: int, cut_every: int, seed: int) -> None:
        self.target, self.rate, self.cut_every = target, rate, cut_every
        self.chance, self.guard = random.Random(seed), threading.Lock()
        self.free_at, self.cuts, self.carried, self.poor = 0.0, 0, 0, False
        self.door = socket.create_server(("127.0.0.1", 0))
        self.port = int(self.door.getsockname()[1])
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self) -> None:
        """Two threads for each connection, one for each direction."""
        while True:
            try:
                near, _ = self.door.accept()
            except OSError:
                return
            with contextlib.suppress(OSError):
                far = socket.create_connection(("127.0.0.1", self.target))
                for one, other in ((near, far), (far, near)):
                    threading.Thread(target=self.carry, args=(one, other), daemon=True).start()

    def carry(self, one: socket.socket, other: socket.socket) -> None:
        """Piece by piece until one end closes or the link is cut."""
        with contextlib.suppress(OSError):
            while piece := one.recv(PIECE):
                if self.poor and self.wait(len(piece)):
                    break
                other.sendall(piece)
        for each in (one, other):
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()

    def wait(self, size: int) -> bool:
        """Take this piece's share of the time; True when the link is cut instead."""
        with self.guard:
            now = time.monotonic()
            self.free_at = max(now, self.free_at) + size / self.rate
            pause, cut = self.free_at - now, self.chance.randrange(self.cut_every) == 0
            self.carried += size
            self.cuts += cut
        time.sleep(pause)
        return cut

    def close(self) -> None:
        """No further connections."""
        self.door.close()
