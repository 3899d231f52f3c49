"""Identifiers: UUIDv7, so that they are unguessable enough, sort by time, and can be made by a phone as well as here."""

import uuid

import uuid_utils.compat


def new_id() -> uuid.UUID:
    """A fresh UUIDv7."""
    made: uuid.UUID = uuid_utils.compat.uuid7()
    return made
