"""A fake camera's film: a hand brings a label into view, as Chromium's --use-file-for-fake-video-capture plays it."""

import subprocess
from pathlib import Path

import qrcode
from PIL import Image, ImageFilter

WIDTH, HEIGHT, FRAMES = 1280, 720, 60


def label(text: str) -> Image.Image:
    """The QR symbol as printed: version 2, error correction Q, four modules of quiet zone."""
    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_Q, border=4, box_size=10)
    code.add_data(text)
    code.make(fit=True)
    assert code.version <= 2, "a label's symbol is version 2 at most"
    made: Image.Image = code.make_image().convert("L")
    return made


def film(text: str, out: Path) -> Path:
    """An MJPEG film of two seconds: the label comes nearer, a little tilted, a little out of focus, on grey."""
    symbol = label(text)
    command = [
        "ffmpeg", "-y", "-loglevel", "error", "-f", "rawvideo", "-pix_fmt", "gray", "-s", f"{WIDTH}x{HEIGHT}",
        "-r", "30", "-i", "-", "-pix_fmt", "yuvj420p", "-q:v", "4", str(out),
    ]  # fmt: skip
    with subprocess.Popen(command, stdin=subprocess.PIPE) as encoder:
        assert encoder.stdin is not None
        for number in range(FRAMES):
            encoder.stdin.write(frame(symbol, number).tobytes())
        encoder.stdin.close()
    assert out.stat().st_size > 10_000
    return out


def frame(symbol: Image.Image, number: int) -> Image.Image:
    """One frame of the film."""
    size = 160 + number * 3
    shown = symbol.resize((size, size)).rotate(8 - number / 6, expand=True, fillcolor=255)
    picture = Image.new("L", (WIDTH, HEIGHT), 120)
    picture.paste(shown, ((WIDTH - shown.width) // 2 + number % 7, (HEIGHT - shown.height) // 2 - number % 5))
    return picture.filter(ImageFilter.GaussianBlur(1.2))
