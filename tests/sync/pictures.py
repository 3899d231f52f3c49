"""Small pictures for tests, and headers that claim to be large ones."""

import io
import struct
import zlib

from PIL import Image


def picture(form: str, width: int, height: int, **more: object) -> bytes:
    """A real picture."""
    out = io.BytesIO()
    Image.effect_noise((width, height), 40).convert("RGB").save(out, form, **more)
    return out.getvalue()


def jpeg(width: int = 64, height: int = 48, **more: object) -> bytes:
    """A real JPEG."""
    return picture("JPEG", width, height, **more)


def png_that_claims(width: int, height: int) -> bytes:
    """A PNG of a few bytes whose header claims any size."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\x00" * 100)) + chunk(b"IEND", b"")
