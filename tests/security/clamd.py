"""A stand-in for clamd that speaks its protocol on a real socket: PING and INSTREAM, and the ways in which it fails."""

import socket
import struct
import threading
import time
from pathlib import Path

from tests.security.hostile import EICAR


class Clamd:
    """Listens on a Unix socket (a path) or a free port of 127.0.0.1. `mood`: "well", "hangs", "hangs up", "errs", "babbles"."""

    def __init__(self, path: Path | None = None) -> None:
        self.mood, self.scans = "well", 0
        self.line = socket.socket(socket.AF_UNIX if path else socket.AF_INET, socket.SOCK_STREAM)
        self.line.bind(str(path) if path else ("127.0.0.1", 0))
        self.where = str(path) if path else f"127.0.0.1:{self.line.getsockname()[1]}"
        self.line.listen()
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self) -> None:
        """Answer until closed."""
        while True:
            try:
                asker, _ = self.line.accept()
            except OSError:
                return
            threading.Thread(target=self.answer, args=(asker,), daemon=True).start()

    def answer(self, asker: socket.socket) -> None:
        """One command of the z form, whose answer ends in NUL."""
        with asker, asker.makefile("rb") as sent:
            command = b""
            while not command.endswith(b"\x00"):
                command += sent.read(1)
            if command == b"zPING\x00":
                asker.sendall(b"PONG\x00")
                return
            assert command == b"zINSTREAM\x00", command
            content = b""
            while size := struct.unpack(">I", sent.read(4))[0]:
                content += sent.read(size)
            self.scans += 1
            self.say(asker, content)

    def say(self, asker: socket.socket, content: bytes) -> None:
        """The verdict, or what the mood makes of it."""
        if self.mood == "hangs":
            time.sleep(5)
        elif self.mood == "errs":
            asker.sendall(b"INSTREAM size limit exceeded. ERROR\x00")
        elif self.mood == "babbles":
            asker.sendall(b"x" * 20_000)
        elif self.mood == "well":
            said = b"stream: Eicar-Test-Signature FOUND" if EICAR in content else b"stream: OK"
            asker.sendall(said[:9])
            asker.sendall(said[9:] + b"\x00")

    def close(self) -> None:
        """No longer there."""
        self.line.close()
        if not self.where.startswith("127"):
            Path(self.where).unlink(missing_ok=True)
