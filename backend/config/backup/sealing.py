"""Writing a large file so that it is either whole or not there, encrypted with age on the way; and reading it back.

Nothing is held in memory: the writer and age are joined by a pipe.
"""

import contextlib
import errno
import hashlib
import os
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import IO, Final, cast

import pyrage
from django.conf import settings

from backend.core.problems import Problem

AGE: Final = b"age-encryption.org/v1"
PARTIAL: Final = ".partial"
FULL: Final = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class Sink:
    """Where the bytes finally go: counts and hashes them, and remembers what went wrong."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file, self.size, self.said = file, 0, hashlib.sha256()
        self.fault: BaseException | None = None

    def write(self, piece: bytes) -> int:
        """Write a piece. Raises OSError as the disk does."""
        try:
            self.file.write(piece)
        except OSError as wrong:
            self.fault = wrong
            raise
        self.size += len(piece)
        self.said.update(piece)
        return len(piece)

    def flush(self) -> None:
        """Hand on what is buffered."""
        self.file.flush()

    @property
    def sha256(self) -> str:
        """Of all that was written, in hex."""
        return self.said.hexdigest()


def recipients(given: Sequence[str]) -> list[pyrage.x25519.Recipient]:
    """The age recipients by their text (age1…). Raises Problem naming the one that is none."""
    found = []
    for each in given:
        try:
            found.append(pyrage.x25519.Recipient.from_str(each.strip()))
        except pyrage.RecipientError:
            raise Problem("recipient", f"“{each}” is no age recipient (age1…). Make one: manage.py backup key FILE") from None
    return found


def identities(path: str) -> list[pyrage.x25519.Identity]:
    """The age identities in a file (lines AGE-SECRET-KEY-…, comments with #). Raises Problem."""
    if not path:
        raise Problem(
            "identity",
            "This file is encrypted. Name the file with the secret key: --identity FILE, or SITEWARD_BACKUP_IDENTITY_FILE.",
        )
    try:
        lines = [line.strip() for line in Path(path).read_text().splitlines()]
        return [pyrage.x25519.Identity.from_str(line) for line in lines if line and not line.startswith("#")]
    except (OSError, UnicodeDecodeError, pyrage.IdentityError) as wrong:
        raise Problem("identity", f"The secret key in {path} cannot be read: {wrong}") from wrong


@contextlib.contextmanager
def whole_or_nothing(target: Path) -> Iterator[IO[bytes]]:
    """A file that appears under its name only when everything is written and on the disk; else nothing is left.

    Raises Problem in clear words when the disk is full or the folder may not be written.
    """
    forget_partial(target)
    try:
        handle, name = tempfile.mkstemp(prefix=f".{target.name}.{os.getpid()}.", suffix=PARTIAL, dir=target.parent)
    except OSError as wrong:
        raise Problem("folder", f"Nothing can be written in {target.parent}: {wrong.strerror}.") from wrong
    partial = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        partial.replace(target)
        folder = os.open(target.parent, os.O_RDONLY)
        os.fsync(folder)
        os.close(folder)
    except OSError as wrong:
        if wrong.errno in FULL:
            raise Problem(
                "full",
                f"The disk is full, or takes no file so large. Nothing was left of {target.name}; free some room and try again.",
            ) from wrong
        raise
    finally:
        partial.unlink(missing_ok=True)


def forget_partial(target: Path) -> None:
    """Remove what killed attempts at this file left behind; those of a process that still runs are left alone."""
    for left in target.parent.glob(f".{target.name}.*{PARTIAL}"):
        pid = left.name.removeprefix(f".{target.name}.").partition(".")[0]
        if not alive(pid):
            left.unlink(missing_ok=True)


def alive(pid: str) -> bool:
    """Whether a process of that number runs."""
    try:
        os.kill(int(pid), 0)
    except (ValueError, ProcessLookupError):
        return False
    except PermissionError:
        return True
    return True


@contextlib.contextmanager
def sealed(sink: Sink, given: Sequence[str]) -> Iterator[IO[bytes]]:
    """A stream to write into; what arrives at `sink` is encrypted to the recipients, or as it is when there are none."""
    if not given:
        yield cast(IO[bytes], sink)
        return
    to = recipients(given)
    end, start = os.pipe()
    with piped(end, lambda source: pyrage.encrypt_io(source, sink, to), sink), os.fdopen(start, "wb") as stream:
        yield stream


@contextlib.contextmanager
def piped(end: int, work: Callable[[IO[bytes]], object], sink: Sink) -> Iterator[None]:
    """Run `work` on the reading end of a pipe in a thread until the writer closes; its fault, if any, is raised then."""
    wrong: list[BaseException] = []

    def run() -> None:
        with os.fdopen(end, "rb") as source:
            try:
                work(source)
            except BaseException as fault:  # raised again by whoever waits
                wrong.append(sink.fault or fault)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        yield
    except BrokenPipeError as broken:
        thread.join()
        raise (wrong or [broken])[0] from broken
    finally:
        thread.join()
    if wrong:
        raise wrong[0]


@contextlib.contextmanager
def opened(path: Path, identity: str = "") -> Iterator[IO[bytes]]:
    """The plain bytes of a file that may be encrypted, as a stream that cannot go back. Raises Problem.

    A file cut short or changed is told from age's own authentication: reading it then raises Problem.
    """
    try:
        file = path.open("rb")
    except OSError as wrong:
        raise Problem("file", f"{path} cannot be read: {wrong.strerror}.") from wrong
    with file:
        sealed_with_age = file.read(len(AGE)) == AGE
        file.seek(0)
        if not sealed_with_age:
            yield file
            return
        with decrypted(file, identities(identity or settings.BACKUP_IDENTITY_FILE)) as stream:
            yield stream


@contextlib.contextmanager
def decrypted(file: IO[bytes], keys: Sequence[pyrage.x25519.Identity]) -> Iterator[IO[bytes]]:
    """Undo age's encryption on the way. Raises Problem when no key fits or the file is damaged."""
    end, start = os.pipe()
    wrong: list[BaseException] = []

    def run() -> None:
        try:
            with os.fdopen(start, "wb") as out:
                pyrage.decrypt_io(file, out, list(keys))
        except BrokenPipeError:
            pass  # nobody reads on
        except BaseException as fault:  # told below
            wrong.append(fault)

    thread = threading.Thread(target=run, daemon=True)
    with os.fdopen(end, "rb") as stream:
        thread.start()
        try:
            yield stream
        finally:
            stream.close()
            thread.join()
            if wrong:
                fault = wrong[0]
                if "No matching keys" in str(fault):
                    raise Problem("identity", "The secret key does not fit: this file was encrypted to another one.") from fault
                if "Broken pipe" not in str(fault):
                    raise Problem("damaged", f"The file is damaged or was cut short ({fault}). Use another backup.") from fault
