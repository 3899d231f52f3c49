"""Opening files that somebody may have put another thing in the place of: a pipe, a device, a link, a folder."""

import errno
import os
import stat
from pathlib import Path
from typing import IO, Final

from django.core.files.storage import default_storage

FLAGS: Final = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0)
NOT_ONE: Final = "it is not a regular file"


class NotRegular(OSError):  # noqa: N818  the state, as people say it
    """A pipe, a device, a folder, or a link where none may be."""

    def __init__(self) -> None:
        super().__init__(errno.EINVAL, NOT_ONE)


def regular(path: Path | str, *, follow: bool = True) -> IO[bytes]:
    """Open a regular file and never wait for it. Raises OSError; NotRegular for anything else (and for a link: not `follow`)."""
    if not stat.S_ISREG(Path(path).stat(follow_symlinks=follow).st_mode):  # a device may do something when it is opened
        raise NotRegular
    try:
        number = os.open(path, FLAGS | (0 if follow else getattr(os, "O_NOFOLLOW", 0)))
    except OSError as wrong:
        raise NotRegular if wrong.errno in (errno.ELOOP, errno.ENXIO) else wrong from wrong
    if not stat.S_ISREG(os.fstat(number).st_mode):  # it was exchanged meanwhile
        os.close(number)
        raise NotRegular
    return os.fdopen(number, "rb")


def stored(name: str) -> IO[bytes]:
    """Open a file of the storage. In a folder only a regular file, which no link stands for. Raises OSError."""
    try:
        path = default_storage.path(name)
    except NotImplementedError:  # an object store knows nothing else than files
        file: IO[bytes] = default_storage.open(name, "rb")
        return file
    return regular(path, follow=False)
