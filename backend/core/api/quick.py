"""The same JSON as DRF's, several times as fast: for addresses that answer hundreds of rows of plain values at once."""

from collections.abc import Mapping
from typing import Any

import msgspec
from rest_framework.renderers import JSONRenderer


class QuickJSON(JSONRenderer):
    """JSON by msgspec. What it does not know (a sentence that is yet to be translated, a refusal) goes DRF's way."""

    def render(
        self, data: Any, accepted_media_type: str | None = None, renderer_context: Mapping[str, Any] | None = None
    ) -> bytes:
        """The answer's bytes; indented when the asker wants it so."""
        if data is None or self.get_indent(accepted_media_type or "", dict(renderer_context or {})):
            return bytes(super().render(data, accepted_media_type, renderer_context))
        try:
            return msgspec.json.encode(data)
        except TypeError:
            return bytes(super().render(data, accepted_media_type, renderer_context))
