"""Reads the folder of the statutory library. Pure: files in, a checked library or a list of all problems out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import ValidationError

from backend.rules.library.checking import problems_in
from backend.rules.library.entries import AssetType, Check, Discipline, Document, Entry, Form, Scheme
from backend.rules.library.problems import LibraryError, LibraryProblem, problems_of
from backend.rules.library.yaml_text import read_yaml

FORMS, DOCUMENTS, SCHEMES = "forms.yaml", "documents.yaml", "remedial-codes.yaml"
_DISCIPLINE_FIELDS = {"discipline", "title", "order", "asset_types", "checks"}
_E = TypeVar("_E", bound=Entry)


@dataclass(frozen=True, slots=True)
class Library:
    """The statutory library as read: every part by its key, in the order of the files."""

    disciplines: Mapping[str, Discipline]
    asset_types: Mapping[str, AssetType]
    checks: Mapping[str, Check]
    forms: Mapping[str, Form]
    documents: Mapping[str, Document]
    schemes: Mapping[str, Scheme]


def read_library(folder: Path | str) -> Library:
    """Read and check every file of the folder (``schedules/``).

    Raises ``LibraryError``, whose ``problems`` lists everything that is wrong with file, entry, field and what to do.
    """
    reading = _Reading(Path(folder))
    library = reading.library()
    problems = [*reading.problems, *problems_in(library, reading.files)]
    if problems:
        raise LibraryError(problems)
    return library


@dataclass
class _Reading:
    folder: Path
    problems: list[LibraryProblem] = field(default_factory=list)
    files: dict[tuple[str, str], str] = field(default_factory=dict)  # (kind, key) -> file it stands in

    def library(self) -> Library:
        forms = self._entries(FORMS, "forms", Form)
        documents = self._entries(DOCUMENTS, "documents", Document)
        schemes = self._entries(SCHEMES, "schemes", Scheme)
        disciplines: dict[str, Discipline] = {}
        asset_types: dict[str, AssetType] = {}
        checks: dict[str, Check] = {}
        paths = sorted(path for path in self.folder.glob("*.yaml") if path.name not in {FORMS, DOCUMENTS, SCHEMES})
        if not paths:
            self._problem(self.folder.name, "", "", "no file of checks was found in this folder")
        for path in paths:
            self._discipline_file(path, forms, disciplines, asset_types, checks)
        order = {key: found.order for key, found in disciplines.items()}
        return Library(
            disciplines={key: disciplines[key] for key in sorted(disciplines, key=lambda key: order[key])},
            asset_types=asset_types,
            checks=dict(sorted(checks.items(), key=lambda item: order.get(item[1].discipline, 0))),
            forms=forms,
            documents=documents,
            schemes=schemes,
        )

    def _discipline_file(
        self,
        path: Path,
        forms: Mapping[str, Form],
        disciplines: dict[str, Discipline],
        asset_types: dict[str, AssetType],
        checks: dict[str, Check],
    ) -> None:
        data = self._mapping(path)
        if data is None:
            return
        for name in data.keys() - _DISCIPLINE_FIELDS:
            self._problem(path.name, "", name, "is not a field of the library; correct its spelling or take it out")
        key = data.get("discipline")
        if key != path.stem:
            self._problem(path.name, "", "discipline", f"is {key!r}; it must be the file's name, {path.stem!r}")
        head = {"key": path.stem} | {name: data[name] for name in ("title", "order") if name in data}
        if found := self._entry(path.name, path.stem, Discipline, head):
            disciplines[found.key] = found
        for raw in self._list(path.name, data, "asset_types"):
            self._keep(path.name, "asset type", self._named(path.name, raw, path.stem, AssetType), asset_types)
        for raw in self._list(path.name, data, "checks"):
            check = self._named(path.name, raw, path.stem, Check)
            if check:
                form = forms.get(check.form) if check.form else None
                shared = form.questions if form else []
                check = check.model_copy(update={"questions": [*shared, *check.questions]})
            self._keep(path.name, "check", check, checks)

    def _entries(self, name: str, key: str, kind: type[_E]) -> dict[str, _E]:
        data = self._mapping(self.folder / name)
        kept: dict[str, _E] = {}
        if data is None:
            return kept
        for extra in data.keys() - {key}:
            self._problem(name, "", extra, f"is not expected here; this file holds only {key}")
        for raw in self._list(name, data, key):
            entry = self._entry(name, _code(raw), kind, raw)
            self._keep(name, key.removesuffix("s"), entry, kept)
        return kept

    def _named(self, file: str, raw: Any, discipline: str, kind: type[_E]) -> _E | None:
        if isinstance(raw, dict) and "discipline" in raw:
            self._problem(file, _code(raw), "discipline", "is said once, at the top of the file; take it out here")
        whole = {**raw, "discipline": discipline} if isinstance(raw, dict) else raw
        return self._entry(file, _code(raw), kind, whole)

    def _entry(self, file: str, code: str, kind: type[_E], raw: Any) -> _E | None:
        try:
            return kind.model_validate(raw)
        except ValidationError as error:
            self.problems.extend(problems_of(error, file, code))
        return None

    def _keep(self, file: str, kind: str, entry: Any, kept: dict[str, Any]) -> None:
        if entry is None:
            return
        key = entry.code if isinstance(entry, Check) else entry.key
        if key in kept:
            there = self.files[kind, key]
            self._problem(file, key, "", f"this {kind} stands twice, first in {there}; take one out or rename it")
            return
        kept[key] = entry
        self.files[kind, key] = file

    def _mapping(self, path: Path) -> dict[str, Any] | None:
        try:
            data = read_yaml(path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            self._problem(path.name, "", "", "this file is missing from the folder")
        except UnicodeDecodeError:
            self._problem(path.name, "", "", "is not plain text in UTF-8; save it as UTF-8")
        except yaml.YAMLError as error:
            self._problem(path.name, "", "", _yaml_words(error))
        else:
            if isinstance(data, dict):
                return data
            self._problem(path.name, "", "", "must hold names with values, such as 'title: Fire safety'")
        return None

    def _list(self, file: str, data: Mapping[str, Any], key: str) -> Iterator[Any]:
        value = data.get(key, [])
        if isinstance(value, list):
            yield from value
        else:
            self._problem(file, "", key, "must be a list, each entry beginning with a dash")

    def _problem(self, file: str, code: str, field_name: str, words: str) -> None:
        self.problems.append(LibraryProblem(file, code, field_name, words))


def _code(raw: Any) -> str:
    return str(raw.get("code") or raw.get("key") or "?") if isinstance(raw, dict) else "?"


def _yaml_words(error: yaml.YAMLError) -> str:
    mark = getattr(error, "problem_mark", None)
    what = getattr(error, "problem", None) or str(error)
    return f"line {mark.line + 1}: {what}" if mark else f"cannot be read: {what}"
