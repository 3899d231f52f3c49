"""All files of an installation, whatever kinds there are: named, read piece by piece, put back."""

import hashlib
import tempfile
from collections.abc import Callable, Iterator
from typing import IO, Any, Final

from django.core.files import File
from django.core.files.storage import Storage, default_storage

from backend.core.files import path_of

PIECE: Final = 1024 * 1024
SPOOLED: Final = 16 * 1024 * 1024  # bytes of one file held in memory before it goes to a temporary one
KEPT: Final = "kept/"


def names(storage: Storage | None = None) -> Iterator[str]:
    """The name of every file in the storage, folder by folder, in order. New kinds of files are among them unasked."""
    storage = storage or default_storage
    listed: Callable[[], Iterator[str]] | None = getattr(storage, "names", None)
    if listed:
        yield from listed()
    else:
        yield from below(storage, "")


def below(storage: Storage, folder: str) -> Iterator[str]:
    """The files in a folder and in those below it."""
    try:
        folders, files = storage.listdir(folder)
    except FileNotFoundError:
        return
    for name in sorted(files):
        yield f"{folder}{name}"
    for name in sorted(folders):
        yield from below(storage, f"{folder}{name}/")


def pieces(file: IO[bytes]) -> Iterator[bytes]:
    """A file's bytes, a mebibyte at a time."""
    while piece := file.read(PIECE):
        yield piece


def is_named_for(name: str, sha256: str) -> bool:
    """Whether a file lies under the name that its bytes must have; True for files that are not named by their hash."""
    return not name.startswith(KEPT) or name == path_of(sha256)


def put_back(name: str, file: IO[bytes]) -> tuple[int, str]:
    """Put a file under exactly this name, over half of one that a broken attempt left: its size and SHA-256 (hex).

    Evidence that is here whole already is not written again.
    """
    said, size = hashlib.sha256(), 0
    with tempfile.SpooledTemporaryFile(SPOOLED) as spooled:
        for piece in pieces(file):
            said.update(piece)
            size += len(piece)
            spooled.write(piece)
        if not here_whole(name, size):
            spooled.seek(0)
            if default_storage.exists(name):
                default_storage.delete(name)
            held: File[Any] = File(spooled, name=name)
            default_storage.save(name, held)
    return size, said.hexdigest()


def here_whole(name: str, size: int) -> bool:
    """Whether a kept file is here already. What is there under another size, or is not evidence, is written anew."""
    if not name.startswith(KEPT):
        return False
    try:
        if default_storage.size(name) != size:
            return False
        said = hashlib.sha256()
        with default_storage.open(name) as file:
            for piece in pieces(file):
                said.update(piece)
    except FileNotFoundError:
        return False
    return path_of(said.hexdigest()) == name
