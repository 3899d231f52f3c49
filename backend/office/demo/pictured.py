"""An invented floor plan of one school's main building, drawn here, with what stands in its rooms put on it."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from PIL import Image, ImageDraw, ImageFont

from backend.assets.actions import add_drawing, put_pin
from backend.assets.models import Asset, Drawing, Pin
from backend.core.files import keep
from backend.office.demo.places import Block, Made
from backend.trust.actions import Actor
from backend.trust.models import Space

SIZE: Final = (1500, 1000)  # pixels
EDGE, CORRIDOR = 40, 110
MOST_ROOMS, MOST_IN_A_ROOM = 14, 4
WALL, FLOOR, PAPER, INK = (40, 46, 50), (250, 250, 247), (232, 236, 230), (70, 78, 84)
FEATURES: Final = (
    (Pin.Kind.WATER, "Under the sink by the door; turn clockwise to close"),
    (Pin.Kind.GAS, "Yellow lever; across the pipe is closed"),
    (Pin.Kind.POWER, "Grey cabinet, key in the office"), (Pin.Kind.KEYS, ""), (Pin.Kind.CHEMICAL, "Cleaning cupboard, locked"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Room:
    """A room on the picture: left, top, right and bottom in pixels."""

    space: Space
    left: float
    top: float
    right: float
    bottom: float

    def at(self, across: float, down: float) -> dict[str, Any]:
        """Fractions of the picture's width and height of a place in the room."""
        x, y = self.left + (self.right - self.left) * across, self.top + (self.bottom - self.top) * down
        return {"x": round(x / SIZE[0], 4), "y": round(y / SIZE[1], 4)}


def fill(made: Sequence[Made], actor: Actor) -> None:
    """Draw the first school's first building and put things on it."""
    block = made[0].grounds[0].blocks[0]
    rooms = rooms_of([place.space for place in block.places[:MOST_ROOMS]])
    if not rooms:
        return
    file = keep(drawn(block, rooms), "image/png")
    site = made[0].grounds[0].site
    plan = add_drawing(person=actor, site=site, building=block.building, name="Ground floor", file=file)
    standing = Asset.objects.filter(space__in=[room.space for room in rooms]).exclude(status=Asset.Status.RETIRED)
    by_space: dict[Any, list[Asset]] = {}
    for asset in standing.select_related("site").order_by("name", "pk"):
        by_space.setdefault(asset.space_id, []).append(asset)
    for room in rooms:
        for number, asset in enumerate(by_space.get(room.space.pk, ())[:MOST_IN_A_ROOM]):
            place = room.at(0.2 + 0.42 * (number % 2), 0.4 + 0.3 * (number // 2))
            put_pin(plan, person=actor, kind=Pin.Kind.ASSET, asset=asset, **place)
    features(plan, rooms, block, actor)


def features(plan: Drawing, rooms: Sequence[Room], block: Block, actor: Actor) -> None:
    """What is shut off in an emergency and what is dangerous, each in another room; asbestos in what was built before 2000."""
    for number, (kind, note) in enumerate(FEATURES):
        put_pin(plan, person=actor, kind=kind, note=note, **rooms[number % len(rooms)].at(0.82, 0.9))
    if (block.building.built or 2000) < 2000:
        note = "Pipe lagging above the ceiling: see the register"
        put_pin(plan, person=actor, kind=Pin.Kind.ASBESTOS, note=note, **rooms[-1].at(0.5, 0.9))


def rooms_of(spaces: Sequence[Space]) -> list[Room]:
    """Rooms in two rows, with a corridor between them."""
    upper = spaces[: (len(spaces) + 1) // 2]
    middle = SIZE[1] / 2
    found = []
    for row, top, bottom in (
        (upper, EDGE, middle - CORRIDOR / 2), (spaces[len(upper) :], middle + CORRIDOR / 2, SIZE[1] - EDGE),
    ):  # fmt: skip
        wide = (SIZE[0] - 2 * EDGE) / max(len(row), 1)
        found += [Room(space, EDGE + wide * at, top, EDGE + wide * (at + 1), bottom) for at, space in enumerate(row)]
    return found


def drawn(block: Block, rooms: Sequence[Room]) -> bytes:
    """The plan as a PNG: walls, doors, the names of the rooms, and that it is invented."""
    sheet = Image.new("RGB", SIZE, PAPER)
    draw = ImageDraw.Draw(sheet)
    letters = ImageFont.load_default(20)
    draw.rectangle((EDGE, EDGE, SIZE[0] - EDGE, SIZE[1] - EDGE), FLOOR, WALL, 8)
    for room in rooms:
        draw.rectangle((room.left, room.top, room.right, room.bottom), FLOOR, WALL, 5)
        upper = room.top < SIZE[1] / 2
        door, wall = (room.left + room.right) / 2, room.bottom if upper else room.top
        draw.line((door - 22, wall - 2, door + 22, wall - 2), FLOOR, 8)
        for line, words in enumerate(in_lines(room.space.name, int((room.right - room.left) / 11))):
            draw.text((room.left + 12, room.top + 12 + 24 * line), words, INK, letters)
    draw.text((EDGE + 20, SIZE[1] / 2 - 12), f"Corridor · {block.building.name} · invented plan, for demonstration", INK, letters)
    out = io.BytesIO()
    sheet.save(out, "PNG", optimize=True)
    return out.getvalue()


def in_lines(words: str, most: int) -> list[str]:
    """Words broken into lines of at most so many letters."""
    lines = [""]
    for word in words.split():
        if lines[-1] and len(lines[-1]) + len(word) + 1 > most:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return lines
