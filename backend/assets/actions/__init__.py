"""Every write of the register: assets, their status, tags and readings."""

from backend.assets.actions.catalogue import add_model, change_model, merge_models, squeezed
from backend.assets.actions.drawings import add_drawing, change_drawing, remove_drawing, restore_drawing, show_version
from backend.assets.actions.papers import add_paper, add_warranty, name_photos, withdraw_paper, withdraw_warranty
from backend.assets.actions.parts import make_part_of, move_asset, parts_of
from backend.assets.actions.pins import move_pin, put_back_pin, put_pin, take_off_pin
from backend.assets.actions.printing import MOST_IN_A_ROLL, by_site, ensure_place_tags, keep_run, make_roll
from backend.assets.actions.readings import take_reading
from backend.assets.actions.register import CHANGEABLE, add_assets, change_asset, set_status, sound_place
from backend.assets.actions.retiring import exchange_tag, replace_tag, retire_tag
from backend.assets.actions.tags import LABELS, claim_tag, draw_codes, ensure_tags, entered, make_tags, tag_assets

__all__ = [
    "CHANGEABLE",
    "LABELS",
    "MOST_IN_A_ROLL",
    "add_assets",
    "add_drawing",
    "add_model",
    "add_paper",
    "add_warranty",
    "by_site",
    "change_asset",
    "change_drawing",
    "change_model",
    "claim_tag",
    "draw_codes",
    "ensure_place_tags",
    "ensure_tags",
    "entered",
    "exchange_tag",
    "keep_run",
    "make_part_of",
    "make_roll",
    "make_tags",
    "merge_models",
    "move_asset",
    "move_pin",
    "name_photos",
    "parts_of",
    "put_back_pin",
    "put_pin",
    "remove_drawing",
    "replace_tag",
    "restore_drawing",
    "retire_tag",
    "set_status",
    "show_version",
    "sound_place",
    "squeezed",
    "tag_assets",
    "take_off_pin",
    "take_reading",
    "withdraw_paper",
    "withdraw_warranty",
]
