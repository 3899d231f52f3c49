"""Work done at Oakfield, and a pack of it."""

import datetime as dt
import io
import zipfile

import pytest
from PIL import Image

from backend.checks.actions.packs import ask_pack
from backend.checks.models import EvidencePack, PackRequest
from backend.core.days import today
from backend.core.files import keep
from backend.office.proof.making import make_pack
from tests.office.conftest import done


def picture(colour: str) -> bytes:
    """A small photo."""
    out = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(out, "JPEG")
    return out.getvalue()


@pytest.fixture
def worked(world):
    """A year's worth in small: tests in order, one that failed, one entered late, a miss, photos."""
    plan = world.plan("fire-alarm-weekly-test", since=today() - dt.timedelta(days=60))
    content = picture("red")
    photo = keep(content, "image/jpeg")
    from backend.checks.actions.told import NewPhoto

    said = [NewPhoto(field="photo", sha256=photo.pk, content_type="image/jpeg", size=len(content))]
    done(plan, world.caretaker, days_ago=50)
    done(plan, world.caretaker, days_ago=20, photos=said)
    done(plan, world.caretaker, days_ago=6)
    other = world.plan(
        "fire-alarm-weekly-test", asset=world.asset("fire-alarm-panel", site=world.riverside, name="Riverside panel")
    )
    done(other, world.person("caretaker", school=world.riverside.school), days_ago=3)
    return plan


def wanted(world, **more) -> PackRequest:
    """A request for Oakfield's fire safety in the last hundred days."""
    chosen = {
        "site": world.oakfield,
        "disciplines": ["fire"],
        "first_day": today() - dt.timedelta(days=100),
        "last_day": today(),
        "recipient": "fire-authority",
        "photos": True,
    }
    return PackRequest(**{**chosen, **more})


@pytest.fixture
def pack(world, worked):
    """A pack of it, made."""
    asked = ask_pack(wanted(world), person=world.person("site-manager", school=world.oakfield.school))
    said = make_pack(str(asked.pk))
    made = EvidencePack.objects.filter(pk=asked.pk).first()
    assert made, said
    return made


@pytest.fixture
def unpacked(pack, tmp_path):
    """The pack's files in a folder."""
    from backend.checks.actions.packs import open_pack

    with open_pack(pack) as file, zipfile.ZipFile(file) as archive:
        archive.extractall(tmp_path)
    return tmp_path
