"""Files made to do harm, in small: two things at once, archives that unfold, office files with programs."""

import io
import struct
import zipfile
import zlib

from tests.sync.pictures import jpeg, picture

SCRIPT = b"<script>alert(document.cookie)</script>"
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
WORD_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
SHEET_MAIN = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"


def archive(**more: bytes) -> bytes:
    """A ZIP with one class file, as a JAR has."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr("Evil.class", b"\xca\xfe\xba\xbe" + b"\x00" * 50)
        for name, content in more.items():
            made.writestr(name, content)
    return out.getvalue()


def png_chunk(kind: bytes, data: bytes) -> bytes:
    """One chunk of a PNG."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png_with(chunk: bytes) -> bytes:
    """A real PNG with a further chunk after its header."""
    plain = picture("PNG", 20, 20)
    return plain[:33] + chunk + plain[33:]


def jpeg_with(segment: bytes, marker: int = 0xFE) -> bytes:
    """A real JPEG with a further segment after its beginning (a comment unless said)."""
    plain = jpeg(40, 30)
    return plain[:2] + bytes([0xFF, marker]) + struct.pack(">H", len(segment) + 2) + segment + plain[2:]


def webp_with(name: bytes, data: bytes) -> bytes:
    """A real WebP with a further chunk inside its RIFF."""
    plain = picture("WEBP", 20, 20)
    body = plain[8:] + name + struct.pack("<I", len(data)) + data + b"\x00" * (len(data) & 1)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def pdf(tail: bytes = b"", middle: bytes = b"") -> bytes:
    """A small PDF."""
    return b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\n" + middle + b"trailer << /Root 1 0 R >>\n%%EOF\n" + tail


def office(main: str = WORD_MAIN, **parts: bytes) -> bytes:
    """A small office file; `parts` are further parts by name, with `__` for a slash and `_dot_` for a dot."""
    types = f'<?xml version="1.0"?><Types><Override PartName="/word/document.xml" ContentType="{main}"/></Types>'
    named = {name.replace("__", "/").replace("_dot_", "."): content for name, content in parts.items()}
    content = {"[Content_Types].xml": types.encode(), "word/document.xml": b'<?xml version="1.0"?><w:document/>', **named}
    return packed(content)


def packed(parts: dict[str, bytes]) -> bytes:
    """A squeezed ZIP of parts by name."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts.items():
            made.writestr(name, content)
    return out.getvalue()


def with_size_lied_about(content: bytes, part: str, said: int) -> bytes:
    """The same archive with another unfolded size for a part in its directory."""
    made, name = bytearray(content), part.encode()
    row = made.find(b"PK\x01\x02")
    while row != -1:
        if bytes(made[row + 46 : row + 46 + len(name)]) == name:
            made[row + 24 : row + 28] = struct.pack("<I", said)
        row = made.find(b"PK\x01\x02", row + 4)
    return bytes(made)


def relation(kind: str, target: str) -> bytes:
    """The links of a part, one of them to somewhere else."""
    return (
        '<?xml version="1.0"?><Relationships><Relationship Id="r1" '
        f'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}" '
        f'Target="{target}" TargetMode="External"/></Relationships>'
    ).encode()
