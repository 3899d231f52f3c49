"""Does the library make sense as a whole? Each test returns (field, what is wrong and what to do)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from backend.rules.due import Rule, RuleRefused
from backend.rules.library.entries import AssetType, Check, Condition, Document, Scheme
from backend.rules.library.problems import LibraryProblem
from backend.rules.library.question_checks import question_faults
from backend.rules.place_facts import PLACE_FACTS, Kind

if TYPE_CHECKING:
    from backend.rules.library.reading import Library

Fault = tuple[str, str]


def problems_in(library: Library, files: Mapping[tuple[str, str], str]) -> Iterator[LibraryProblem]:
    """Everything that is wrong between entries, after each has been read by itself."""
    for check in library.checks.values():
        faults = (fault for test in _TESTS for fault in test(check, library))
        yield from _placed(files["check", check.code], check.code, faults)
    for form in library.forms.values():
        yield from _placed(files["form", form.key], form.key, question_faults(form.questions, library.asset_types))
    for document in library.documents.values():
        yield from _placed(files["document", document.key], document.key, _document(document, library))
    for kind in library.asset_types.values():
        yield from _placed(files["asset type", kind.key], kind.key, fact_faults(kind))
    for scheme in library.schemes.values():
        yield from _placed(files["scheme", scheme.key], scheme.key, _scheme(scheme))


def _placed(file: str, code: str, faults: Iterable[Fault]) -> Iterator[LibraryProblem]:
    for field, words in faults:
        yield LibraryProblem(file, code, field, words)


def _document(document: Document, library: Library) -> Iterator[Fault]:
    if document.check and document.check not in library.checks:
        yield "check", f"no check is called {document.check!r}"
    if document.verified and not document.sources:
        yield "sources", _NO_SOURCE


def _scheme(scheme: Scheme) -> Iterator[Fault]:
    if scheme.verified and not scheme.sources:
        yield "sources", _NO_SOURCE
    codes = [code.code for code in scheme.codes]
    for twice in sorted({code for code in codes if codes.count(code) > 1}):
        yield "codes", f"{twice!r} stands twice"


_NO_SOURCE = "verified is true, so give the page on which it was read (title and url), or write verified: false"


def _names(check: Check, library: Library) -> Iterator[Fault]:
    for field in ("asset_types", "also_covers"):
        for key in getattr(check, field):
            if key not in library.asset_types:
                yield field, f"no asset type is called {key!r}; correct it, or add it to a file's asset_types first"
    if check.rotation and check.rotation.of not in library.asset_types:
        yield "rotation.of", f"no asset type is called {check.rotation.of!r}"
    if check.form and check.form not in library.forms:
        yield "form", f"no shared form is called {check.form!r}; forms.yaml has {', '.join(library.forms)}"


def _place(check: Check, _: Library) -> Iterator[Fault]:
    if check.on == "asset" and not check.asset_types:
        yield "asset_types", "the check is on an asset, so say on which types"
    if check.on != "asset" and (check.asset_types or check.also_covers):
        yield "asset_types", f"the check is on a {check.on}, so it has no asset types; take them out"
    if check.on != "asset" and check.grouped_by:
        yield "grouped_by", f"the check is on a {check.on} already; take this out"
    if check.on != "asset" and check.applies:
        yield "applies", "only a fact of an asset can be tested here; a fact of the site or building stands under where"
    for key in set(check.asset_types) & set(check.also_covers):
        yield "also_covers", f"{key!r} stands under asset_types too; keep it in one place"


def _rule(check: Check, _: Library) -> Iterator[Fault]:
    if check.rule is None:
        if not check.event:
            yield "rule", "give a rule, or say under event what calls for the check"
        if check.variants:
            yield "variants", "a check without a rule has no variants; say it in the words of the event"
        return
    try:
        Rule.from_mapping(check.rule)
    except RuleRefused as refused:
        yield "rule", str(refused)
    for number, variant in enumerate(check.variants, 1):
        try:
            Rule.from_mapping(check.rule | {"every": variant.every, "unit": variant.unit})
        except RuleRefused as refused:
            yield f"variants.{number}", str(refused)


def _clock(check: Check, _: Library) -> Iterator[Fault]:
    if check.standing == "statutory" and check.basis != "law":
        yield "basis", "a statutory check rests on law; write basis: law, or standing: statutory-derived"
    if check.standing != "good-practice" and not check.law:
        yield "law", "name the law that asks for it, or write standing: good-practice"
    if check.rule is None:
        return
    clock = check.rule.get("clock")
    if clock == "legal" and check.rule.get("late_days", 0):
        yield "rule.late_days", "a legal clock allows no lateness; take late_days out"
    if check.basis == "law" and clock != "legal":
        yield "rule.clock", "the basis is law; write clock: legal"
    if (check.basis == "risk-based-default") != (clock == "risk-based"):
        yield "rule.clock", "clock: risk-based and basis: risk-based-default go together"


def _evidence(check: Check, _: Library) -> Iterator[Fault]:
    if check.verified and not check.sources:
        yield "sources", _NO_SOURCE


def _questions(check: Check, library: Library) -> Iterator[Fault]:
    if not check.questions:
        yield "questions", "ask at least one question, or name a shared form under form"
    yield from question_faults(check.questions, library.asset_types)


def fact_faults(kind: AssetType) -> Iterator[Fault]:
    """What is wrong with the facts that are asked of a kind of asset."""
    types = {fact.key: fact.type for fact in kind.facts}
    for fact in kind.facts:
        place = f"fact {fact.key}"
        if (fact.type in ("choice", "choices")) != bool(fact.options):
            yield f"{place}, options", "a choice needs options, and nothing else has any"
        if fact.unit and fact.type != "number":
            yield f"{place}, unit", "only a number has this; take it out, or make the type number"
        if (fact.least is not None and fact.type != "number") or (fact.most is not None and fact.type not in ("number", "text")):
            yield f"{place}, limits", "a number has least and most, a text has most, nothing else has any"
        if fact.since and (fact.type != "number" or types.get(fact.since) != "date"):
            yield f"{place}, since", "it names a date of the same kind of asset, and only a number has it"
        if fact.least is not None and fact.most is not None and fact.least > fact.most:
            yield f"{place}, least", "it lies above the most"


def _facts(check: Check, library: Library) -> Iterator[Fault]:
    known = {fact.key: fact for key in check.asset_types if key in library.asset_types for fact in library.asset_types[key].facts}
    conditions: list[tuple[str, Condition]] = [("applies", condition) for condition in check.applies]
    for number, variant in enumerate(check.variants, 1):
        conditions += [(f"variants.{number}.facts", condition) for condition in variant.facts]
        if variant.facts and (check.on != "asset" or check.grouped_by):
            yield f"variants.{number}.facts", "one plan covers many assets, so its interval cannot follow one asset"
    for field, condition in conditions:
        if len(condition.operators()) != 1:
            yield field, "compare the fact in exactly one way (equals, in, at_least, at_most, above or below)"
        fact = known.get(condition.fact)
        if fact is None:
            yield field, f"none of the asset types has a fact {condition.fact!r}; add it to the asset type's facts"
            continue
        wanted = condition.in_ if condition.in_ is not None else [condition.equals]
        if fact.type == "date" or (fact.type != "number" and not set(condition.operators()) <= {"equals", "in"}):
            yield field, f"{condition.fact} is a {fact.type}: nothing can be measured by it"
        if fact.options and not set(wanted) <= set(fact.options):
            yield field, f"{condition.fact} can only be {', '.join(fact.options)}"


def _where(check: Check, _: Library) -> Iterator[Fault]:
    for condition in check.where:
        fact = PLACE_FACTS.get(condition.fact)
        if len(condition.operators()) != 1:
            yield "where", "compare the fact in exactly one way (equals, in, at_least, at_most, above or below)"
        elif fact is None:
            yield "where", f"places have no fact {condition.fact!r}; rules/place_facts.py lists them"
        elif check.on == "site" and fact.on == "building" and fact.kind is not Kind.YES_NO:
            yield "where", f"{condition.fact} is each building's own, so a check of the whole site cannot follow it"
        elif condition.if_unknown:
            yield "where", "while a fact of a place is not known, people are asked; take if_unknown out"


_TESTS: tuple[Callable[[Check, Library], Iterator[Fault]], ...] = (
    _names,
    _place,
    _rule,
    _clock,
    _evidence,
    _questions,
    _facts,
    _where,
)
