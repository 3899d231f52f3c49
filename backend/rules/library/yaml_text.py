"""YAML as people write it: ``on``, ``off``, ``yes`` and ``no`` are words, and a key written twice is a mistake."""

from __future__ import annotations

import re
from typing import Any

import yaml

_BOOL = "tag:yaml.org,2002:bool"


class PlainLoader(yaml.SafeLoader):
    """PyYAML's safe loader, in which only ``true`` and ``false`` are switches and dates stay as written."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        """Refuse a key that stands twice: the first would vanish without a word."""
        seen: set[Any] = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if not isinstance(key, str):
                raise yaml.constructor.ConstructorError(
                    None, None, f"the key {key!r} must be a word; put it in quotes", key_node.start_mark
                )
            if key in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"{key!r} stands twice in the same entry", key_node.start_mark
                )
            seen.add(key)
        return super().construct_mapping(node, deep)


_LEFT_OUT = {_BOOL, "tag:yaml.org,2002:timestamp"}
PlainLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag not in _LEFT_OUT]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
PlainLoader.add_implicit_resolver(_BOOL, re.compile(r"^(?:true|True|TRUE|false|False|FALSE)$"), list("tTfF"))


def read_yaml(text: str) -> Any:
    """The data in a YAML text; ``yaml.YAMLError`` (with its line) when it is not YAML, or nested deeper than anybody writes."""
    try:
        return yaml.load(text, Loader=PlainLoader)  # noqa: S506  PlainLoader is a SafeLoader
    except RecursionError:
        raise yaml.YAMLError("brackets or dashes inside one another, far too deep") from None
    except ValueError as wrong:  # a number of thousands of figures, an impossible character
        raise yaml.YAMLError(str(wrong).partition(";")[0]) from None
