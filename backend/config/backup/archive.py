"""The form of a backup: a tar of a header, the database in pieces, every file, the published heads, and a closing list.

The closing list comes last and says what came before, so that a file cut short is never taken for a whole one.
"""

import hashlib
import io
import json
import tarfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import IO, Any, Final, cast

from backend.core.problems import Problem

FORMAT: Final = 1
HEADER: Final = "siteward-backup.json"
CLOSING: Final = "manifest.json"
DATABASE: Final = "database/"
FILES: Final = "files/"
HEADS: Final = "heads"
PIECE: Final = 8 * 1024 * 1024


@dataclass
class Part:
    """What one part of an archive came to: how many members and bytes, and one hash over all of it."""

    count: int = 0
    size: int = 0
    said: Any = field(default_factory=hashlib.sha256)

    def add(self, size: int, words: bytes) -> None:
        """Take in a member of `size` bytes; `words` stand for it in the hash."""
        self.count += 1
        self.size += size
        self.said.update(words)

    def as_dict(self) -> dict[str, Any]:
        """For the closing list."""
        return {"count": self.count, "bytes": self.size, "sha256": self.said.hexdigest()}


@dataclass
class Tally:
    """The parts of an archive, reckoned in the same way by who writes and by who reads."""

    header: Part = field(default_factory=Part)
    database: Part = field(default_factory=Part)
    files: Part = field(default_factory=Part)
    heads: Part = field(default_factory=Part)

    def file(self, name: str, size: int, sha256: str) -> None:
        """Take in a stored file."""
        self.files.add(size, f"{sha256} {size} {name}\n".encode())

    def as_dict(self) -> dict[str, Any]:
        """For the closing list."""
        return {name: getattr(self, name).as_dict() for name in ("header", "database", "files", "heads")}


class Writer:
    """Writes an archive to a stream, in its order."""

    def __init__(self, stream: IO[bytes], header: dict[str, Any]) -> None:
        self.tar = tarfile.open(fileobj=stream, mode="w|", format=tarfile.PAX_FORMAT)  # noqa: SIM115  closed by close()
        self.tally, self.header = Tally(), header
        words = spelled({"format": FORMAT, **header})
        self.tally.header.add(len(words), words)
        self.member(HEADER, len(words), io.BytesIO(words))

    def member(self, name: str, size: int, file: IO[bytes]) -> None:
        """One member of exactly `size` bytes."""
        info = tarfile.TarInfo(name)
        info.size, info.mode = size, 0o600
        self.tar.addfile(info, file)

    def database(self, source: IO[bytes], tell: Callable[[int], None]) -> None:
        """The dump, in members of 8 MiB (a tar must know a member's size before it)."""
        while piece := source.read(PIECE):
            self.tally.database.add(len(piece), piece)
            self.member(f"{DATABASE}{self.tally.database.count:08d}", len(piece), io.BytesIO(piece))
            tell(len(piece))

    def file(self, name: str, size: int, file: IO[bytes]) -> str:
        """A stored file; its SHA-256 as it was written."""
        read = Reading(file, size)
        self.member(f"{FILES}{name}", size, cast(IO[bytes], read))
        sha256 = read.said.hexdigest()
        self.tally.file(name, size, sha256)
        return sha256

    def heads(self, words: bytes) -> None:
        """The append-only file of published chain heads, as it was."""
        self.tally.heads.add(len(words), words)
        self.member(HEADS, len(words), io.BytesIO(words))

    def abandon(self) -> None:
        """Leave it as it is: nothing more is written when it is let go."""
        setattr(self.tar.fileobj, "closed", True)  # noqa: B010  tarfile's own word for "do not write on"

    def close(self, faults: list[str]) -> dict[str, Any]:
        """The closing list, which makes the archive whole; answers it."""
        closing = {"id": self.header["id"], "parts": self.tally.as_dict(), "faults": faults}
        words = spelled(closing)
        self.member(CLOSING, len(words), io.BytesIO(words))
        self.tar.close()
        return closing


class Reading(io.RawIOBase):
    """A file as it is read once, hashed on the way and made up with noughts when it ends before its size."""

    def __init__(self, file: IO[bytes], size: int) -> None:
        self.file, self.left, self.said = file, size, hashlib.sha256()

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        wanted = self.left if size < 0 else min(size, self.left)
        piece = self.file.read(wanted)
        piece += b"" if piece else bytes(wanted)
        self.left -= len(piece)
        self.said.update(piece)
        return piece


def spelled(content: dict[str, Any]) -> bytes:
    """JSON to be read by people too."""
    return (json.dumps(content, indent=1, ensure_ascii=False) + "\n").encode()


class Reader:
    """Reads an archive once, from beginning to end. Raises Problem where it is no backup, cut short or changed."""

    def __init__(self, stream: IO[bytes]) -> None:
        self.tally = Tally()
        self.closing: dict[str, Any] = {}
        try:
            self.tar = tarfile.open(fileobj=stream, mode="r|")  # noqa: SIM115  a stream: nothing to close
            self.members: Iterator[tarfile.TarInfo] = iter(self.tar)
            first = next(self.members, None)
            words = self.content(first) if first and first.name == HEADER else b""
            self.header: dict[str, Any] = json.loads(words)
        except (tarfile.TarError, ValueError) as wrong:
            raise Problem("not_a_backup", "This is no backup of Siteward.") from wrong
        if self.header.get("format") != FORMAT:
            raise Problem("version", f"This backup has form {self.header.get('format')}; this Siteward reads form {FORMAT}.")
        self.tally.header.add(len(words), words)
        self.stream = stream

    def content(self, member: tarfile.TarInfo) -> bytes:
        """A small member's bytes."""
        file = self.tar.extractfile(member)
        return file.read() if file else b""

    def read(
        self, database: Callable[[Iterable[bytes]], None], file: Callable[[str, IO[bytes]], tuple[int, str]]
    ) -> bytes | None:
        """Hand the database's pieces to `database` and each file to `file` (which answers its size and SHA-256).

        Answers the published heads, if any are in it, after everything was compared with the closing list.
        """
        heads: bytes | None = None
        try:
            member = self.hand_on(database)
            while member is not None:
                if member.name.startswith(FILES):
                    name = member.name.removeprefix(FILES)
                    opened = self.tar.extractfile(member)
                    assert opened
                    self.tally.file(name, *file(checked(name), opened))
                elif member.name == HEADS:
                    heads = self.content(member)
                    self.tally.heads.add(len(heads), heads)
                elif member.name == CLOSING:
                    self.closing = json.loads(self.content(member))
                member = next(self.members, None)
            while self.stream.read(PIECE):
                pass
        except (tarfile.TarError, EOFError, ValueError) as wrong:
            raise Problem("damaged", f"The backup is damaged or was cut short ({wrong}). Use another one.") from wrong
        self.compare()
        return heads

    def hand_on(self, database: Callable[[Iterable[bytes]], None]) -> tarfile.TarInfo | None:
        """Hand on the dump's pieces; answers the first member after them."""
        after: list[tarfile.TarInfo | None] = [None]

        def pieces() -> Iterator[bytes]:
            for member in self.members:
                if not member.name.startswith(DATABASE):
                    after[0] = member
                    return
                piece = self.content(member)
                self.tally.database.add(len(piece), piece)
                yield piece

        database(pieces())
        return after[0]

    def compare(self) -> None:
        """Raise Problem unless every part is what the closing list says."""
        if not self.closing:
            raise Problem("damaged", "The backup was cut short: its closing list is missing. Use another one.")
        said, found = self.closing["parts"], self.tally.as_dict()
        if wrong := [name for name in found if said.get(name) != found[name]]:
            raise Problem("damaged", f"The backup is damaged: {', '.join(wrong)} differs from its closing list. Use another one.")


def checked(name: str) -> str:
    """A file's name, if it stays below the folder it is put in. Raises Problem."""
    if name.startswith("/") or ".." in name.split("/") or "\\" in name:
        raise Problem("damaged", f"The backup names a file outside its place: {name}.")
    return name
