"""Labels: what the code holds, how large it is printed, and that the checks app's own reader reads the printed sheet."""

import io
import json
import re
import shutil
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest
from django.test import Client
from PIL import Image, ImageDraw
from pypdf import PdfReader
from pypdf.generic import ContentStream

from backend.assets.label_preview import preview
from backend.assets.label_stocks import STOCKS
from backend.assets.labels import QUIET, Label, bars, fitted, host_warning, printable, sheet, symbol, wide
from backend.assets.labels import words_of as words_to_print
from backend.assets.models import Tag
from backend.core.problems import Problem
from backend.rules.tagcode import is_valid

ROOT = Path(__file__).resolve().parents[2]
HOST = "Q.SITE.DEMO"
POINTS = 72 / 25.4
LABEL = Label("K3V97M2P", "Fire alarm panel", "Oakfield site")
DOTS = 8  # per millimetre, about 200 dpi


def rectangles(pdf: bytes, page: int = 0) -> list[tuple[float, float, float, float]]:
    """The filled rectangles of a page: left, bottom, width, height in millimetres."""
    reader = PdfReader(io.BytesIO(pdf))
    found: list[tuple[float, float, float, float]] = []
    kept, here = [], (0.0, 0.0)
    for operands, operator in ContentStream(reader.pages[page].get_contents(), reader).operations:
        numbers = [float(each) for each in operands] if operator in (b"cm", b"re") else []
        if operator == b"q":
            kept.append(here)
        elif operator == b"Q":
            here = kept.pop()
        elif operator == b"cm":
            here = (here[0] + numbers[4], here[1] + numbers[5])
        elif operator == b"re":
            left, bottom, width, height = numbers
            found.append(((here[0] + left) / POINTS, (here[1] + bottom) / POINTS, width / POINTS, height / POINTS))
    return found


def picture(pdf: bytes, page: int = 0) -> Image.Image:
    """A page's rectangles as a printer would lay them down, at some 200 dpi."""
    size = [float(each) / POINTS for each in PdfReader(io.BytesIO(pdf)).pages[page].mediabox[2:]]
    drawn = Image.new("L", (round(size[0] * DOTS), round(size[1] * DOTS)), 255)
    pen = ImageDraw.Draw(drawn)
    for left, bottom, width, height in rectangles(pdf, page):
        top = size[1] - bottom - height
        pen.rectangle([left * DOTS, top * DOTS, (left + width) * DOTS - 1, (top + height) * DOTS - 1], fill=0)
    return drawn


def matrix(pdf: bytes) -> list[list[bool]]:
    """The modules of a page with one label, read back from its rectangles."""
    found = rectangles(pdf)
    left, top = min(each[0] for each in found), max(each[1] + each[3] for each in found)
    module = found[0][3]
    side = round((max(each[0] + each[2] for each in found) - left) / module)
    cells = [[False] * side for _ in range(side)]
    for x, y, width, height in found:
        row = round((top - y - height) / module)
        for column in range(round((x - left) / module), round((x + width - left) / module)):
            cells[row][column] = True
    return cells


@pytest.mark.parametrize("key", STOCKS)
def test_the_symbol_is_version_2_with_modules_of_1_2_mm_or_more(key):
    found = rectangles(sheet([LABEL], STOCKS[key], HOST))
    module = found[0][3]
    assert module >= 1.2 - 0.001
    assert all(height == pytest.approx(module, abs=0.01) for *_, height in found)
    across = max(x + width for x, _, width, _ in found) - min(x for x, *_ in found)
    assert across == pytest.approx(25 * module, abs=0.05)  # 25 modules: version 2


@pytest.mark.parametrize("key", STOCKS)
def test_what_is_printed_is_the_symbol(key):
    assert matrix(sheet([LABEL], STOCKS[key], HOST)) == symbol(LABEL.code, HOST)


def test_bars_cover_the_dark_modules_and_nothing_else():
    modules = symbol(LABEL.code, HOST)
    painted = {(row, column + step) for row, column, length in bars(modules) for step in range(length)}
    assert painted == {(row, column) for row, cells in enumerate(modules) for column, dark in enumerate(cells) if dark}


def words_of(pdf: bytes) -> list[tuple[str, float, float, float]]:
    """The lines of the first page: text, left, bottom and height in millimetres."""
    found: list[tuple[str, float, float, float]] = []

    def keep(text, moved, position, _font, size):
        if text.strip():
            found.append((text, (moved[4] + position[4]) / POINTS, (moved[5] + position[5]) / POINTS, size * 0.75 / POINTS))

    PdfReader(io.BytesIO(pdf)).pages[0].extract_text(visitor_text=keep)
    return found


@pytest.mark.parametrize("key", ["a4-3x6", "single-40x50", "single-50x70"])
def test_the_white_margin_is_four_modules_and_the_words_stay_out_of_it(key):
    stock = STOCKS[key]
    pdf = sheet([Label(LABEL.code, "A name so long that it would run over the edge of any label", "A site")], stock, HOST)
    found = rectangles(pdf)
    (left, bottom), quiet = stock.corner(0), QUIET * stock.module - 0.05
    west, east = min(each[0] for each in found), max(each[0] + each[2] for each in found)
    south, north = min(each[1] for each in found), max(each[1] + each[3] for each in found)
    assert west - left >= quiet
    assert bottom + stock.label[1] - north >= quiet
    assert south - bottom >= quiet
    lines = words_of(pdf)
    assert len(lines) >= 3
    for text, x, y, height in lines:
        assert x >= east + quiet or y + height <= south - quiet + 0.3, text


@pytest.mark.parametrize("key", STOCKS)
def test_no_two_lines_of_a_label_run_over_one_another_or_the_edge(key):
    stock = STOCKS[key]
    (left, bottom), long = stock.corner(0), "Water extinguisher in the long corridor by the sports hall doors"
    lines = words_of(sheet([Label(LABEL.code, long, long)], stock, HOST))
    heights = sorted((y, y + height) for _, _, y, height in lines)
    assert all(upper[0] >= lower[1] - 0.4 for lower, upper in pairwise(heights))
    assert heights[0][0] >= bottom + 0.5
    assert all(x >= left for _, x, _, _ in lines)


def test_the_code_is_printed_in_letters_with_name_and_site():
    text = PdfReader(io.BytesIO(sheet([LABEL], STOCKS["single-40x50"], HOST))).pages[0].extract_text()
    assert re.findall("K3V9 7M2P|Fire alarm panel|Oakfield site", text) == ["K3V9 7M2P", "Fire alarm panel", "Oakfield site"]


def test_a_sheet_starts_where_it_is_told_and_goes_on_to_the_next_page():
    stock = STOCKS["a4-3x8"]
    pdf = sheet([LABEL] * 5, stock, HOST, first=22)
    assert len(PdfReader(io.BytesIO(pdf)).pages) == 2
    first, second = rectangles(pdf, 0), rectangles(pdf, 1)
    assert min(each[0] for each in first) > stock.label[0]  # the left place of the last row was used before
    assert max(each[1] for each in first) < stock.label[1] + 1
    assert min(each[1] for each in second) > stock.page[1] - stock.label[1] - 1


def test_a_long_host_warns_and_takes_a_larger_symbol():
    assert not host_warning("Q.TWELVE.ORG")
    assert "longer than 12" in host_warning("Q.THIRTEEN.OR")
    assert len(symbol(LABEL.code, "ESTATES.EXAMPLE-TRUST.ORG.UK")) == 29
    found = rectangles(sheet([LABEL], STOCKS["single-50x70"], "ESTATES.EXAMPLE-TRUST.ORG.UK"))
    assert all(height >= 1.2 for *_, height in found)


@pytest.mark.parametrize(
    ("labels", "first", "code"), [([], 0, "no_labels"), ([LABEL] * 1001, 0, "too_many_labels"), ([LABEL], 18, "first")]
)
def test_what_cannot_be_printed_is_refused_in_words(labels, first, code):
    with pytest.raises(Problem) as refused:
        sheet(labels, STOCKS["a4-3x6"], HOST, first=first)
    assert refused.value.code == code


def test_odd_letters_in_a_name_spoil_nothing():
    assert [printable(each) for each in "Tŷ½ź消"] == ["T", "y", "½", "z", "?"]
    text = sheet([Label(LABEL.code, "Łódź 消防 <b> & ’ “x” ½ \x00", "Ysgol Tŷ")], STOCKS["a4-2x7"], HOST)
    assert text.startswith(b"%PDF-")


def test_a_web_worker_loads_no_pdf_library_at_its_start():
    script = (
        "import os, sys; os.environ['DJANGO_SETTINGS_MODULE'] = 'backend.config.settings'; import backend.config.wsgi;"
        "from django.urls import get_resolver; get_resolver().url_patterns; import backend.assets.labels;"
        "print([name for name in ('reportlab', 'qrcode', 'PIL') if name in sys.modules])"
    )
    said = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert "reportlab" not in said


READER = """
import { readFileSync } from "node:fs";
import { prepareZXingModule, readBarcodes } from "zxing-wasm/reader";
prepareZXingModule({ overrides: { wasmBinary: readFileSync("node_modules/zxing-wasm/dist/reader/zxing_reader.wasm").buffer } });
const found = await readBarcodes(readFileSync(process.argv[2]), { formats: ["QRCodeModel2"], maxNumberOfSymbols: 60 });
console.log(JSON.stringify(found.filter((each) => each.isValid).map((each) => each.text)));
"""
NODE = shutil.which("node", path=str(ROOT / ".venv" / "bin")) or shutil.which("node")
HAS_READER = NODE and (ROOT / "node_modules" / "zxing-wasm").exists()


@pytest.mark.skipif(not HAS_READER, reason="node_modules are not installed: run make setup")
@pytest.mark.parametrize("key", STOCKS)
def test_the_checks_apps_own_reader_reads_every_label_of_a_sheet(key, tmp_path):
    codes = ["K3V97M2P", "00000001", "ZZZZZZZ9", "H4T0Q8RB"]
    pdf = sheet([Label(code, "Fire alarm panel", "Oakfield site") for code in codes], STOCKS[key], HOST)
    script = ROOT / "node_modules" / f".siteward-read-labels-{key}.mjs"
    script.write_text(READER)
    read: set[str] = set()
    for page in range(len(PdfReader(io.BytesIO(pdf)).pages)):
        picture(pdf, page).save(tmp_path / "page.png")
        done = subprocess.run([str(NODE), script, tmp_path / "page.png"], cwd=ROOT, capture_output=True, text=True, check=True)
        read |= set(json.loads(done.stdout))
    script.unlink()
    assert read == {f"HTTPS://{HOST}/{code}" for code in codes}


def pdf_of(browser: Client, **asked):
    """Ask for a PDF of labels."""
    return browser.post("/labels/", {"stock": "a4-3x6", "first": "1", **asked})


def signed_in(person) -> Client:
    """Somebody's browser."""
    browser = Client()
    browser.force_login(person)
    return browser


def test_printing_gives_each_asset_a_code_and_keeps_it(world):
    asset = world.asset()
    browser = signed_in(world.person("site-manager", school=world.oakfield.school))
    answer = pdf_of(browser, asset=[str(asset.pk)])
    tag = Tag.objects.get(asset=asset)
    assert answer["Content-Type"] == "application/pdf"
    assert is_valid(tag.code)
    pdf_of(browser, asset=[str(asset.pk)])
    assert Tag.objects.filter(asset=asset).count() == 1


def test_labels_are_printed_for_a_filter_and_never_for_another_school(world):
    world.asset(name="Panel A")
    strange = world.asset(site=world.riverside, name="Panel B")
    browser = signed_in(world.person("site-manager", school=world.oakfield.school))
    text = PdfReader(io.BytesIO(pdf_of(browser, type="fire-alarm-panel").content)).pages[0].extract_text()
    assert "Panel A" in text
    assert "Panel B" not in text
    assert "No asset fits this choice" in pdf_of(browser, asset=[str(strange.pk)]).content.decode()
    assert not Tag.objects.filter(asset=strange).exists()


def test_a_caretaker_may_not_print_labels(world):
    assert pdf_of(signed_in(world.caretaker), asset=[str(world.asset().pk)]).status_code == 403


@pytest.mark.parametrize("wrong", [{"stock": "papyrus"}, {"first": "0"}, {"first": "x"}, {"asset": ["rubbish"]}])
def test_what_was_typed_wrong_gets_an_answer(world, wrong):
    world.asset()
    browser = signed_in(world.lead)
    answer = pdf_of(browser, **{"type": "fire-alarm-panel", **wrong})
    assert answer.status_code in (400, 422)


def test_the_screen_shows_the_words_that_are_printed_smaller_before_they_are_cut():
    long = Label(LABEL.code, "Boiler 1", "01234 567890 · Oakfield Primary School")
    for stock in STOCKS.values():
        side = len(symbol(long.code, HOST)) * stock.module
        printed = words_to_print(long, stock, side)
        [place] = preview([long], stock, HOST)
        assert [each.words for each in place.lines] == [each.words for each in printed]
        assert not any(each.words.endswith("·") or each.words.startswith("·") for each in printed)
        assert all(wide(each.words, each.font, each.size) <= stock.label[0] for each in printed)
    words, size = fitted("Main block, Oakfield Primary", "Helvetica", 6.0, wide("Main block, Oakfield Primary", "Helvetica", 5.0))
    assert words == "Main block, Oakfield Primary" and 4.9 < size < 5.1
