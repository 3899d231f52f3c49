"""What each file of a pack is, in words: the index that a reader opens, as the files themselves are named by their hash."""

from collections.abc import Iterable, Mapping
from typing import Final

from django.utils.html import format_html, format_html_join

from backend.checks.queries.documents import kinds
from backend.office.proof import saying
from backend.office.proof.gathering import Gathered

HEADS: Final = {"certificates": "Certificates and reports", "documents": "Documents of the register", "photos": "Photos"}
PAGE: Final = """<!doctype html>
<html lang="en-GB"><head><meta charset="utf-8"><title>Files: {title}</title>
<style>body {{ font: 16px/1.5 sans-serif; max-width: 60em; margin: 2em auto; padding: 0 1em }} li {{ margin: .4em 0 }}</style>
</head><body><h1>{title}</h1>
<p>Every file of this pack, by what it is. The name of each file is the SHA-256 of its bytes.</p>
{lists}</body></html>
"""


def words_of(found: Gathered) -> dict[str, str]:
    """Each file's SHA-256 with what it is; one that serves several is called by all of them."""
    said: dict[str, list[str]] = {}

    def add(sha256: str, *parts: object) -> None:
        words = ", ".join(str(part) for part in parts if part)
        if words not in said.setdefault(sha256, []):
            said[sha256].append(words)

    for each in found.certificates:
        of = each.check_type or f"Work put right: {each.defect}"
        add(each.sha256, saying.day_words(each.examined_on), of, each.firm, each.number)
    for paper in found.documents:
        kind = kinds()[paper.kind].title if paper.kind in kinds() else paper.kind
        add(paper.sha256, kind, paper.title, saying.day_words(paper.issued_on))
    records = {each.pk: each for each in found.records}
    for photo in found.photos:
        record = records[photo.record_id]
        add(
            photo.sha256,
            saying.moment_words(record.done_at),
            record.check_type,
            record.asset or record.building or found.chosen.site,
        )
    defects = {each.pk: each for each in found.defects}
    for picture in found.defect_photos:
        problem = defects[picture.defect_id]
        add(picture.sha256, f"Problem: {problem.summary}", saying.place_of(problem))
    return {sha256: "; ".join(words) for sha256, words in said.items()}


def index_of(title: str, names: Iterable[str], words: Mapping[str, str]) -> str:
    """The page that lists the files, each a link: `names` are the pack's members, by folder and hash."""
    lists = []
    for folder, head in HEADS.items():
        mine = [each for each in names if each.startswith(f"{folder}/")]
        rows = sorted((words.get(each.split("/")[1].split(".")[0], each), each) for each in mine)
        if rows:
            items = format_html_join("\n", '<li><a href="{1}">{0}</a></li>', rows)
            lists.append(format_html("<h2>{}: {}</h2>\n<ul>\n{}\n</ul>\n", head, len(rows), items))
    return format_html(PAGE, title=title, lists=format_html_join("", "{}", ((each,) for each in lists)))
