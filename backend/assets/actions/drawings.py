"""Floor plans: add one, replace its picture by a newer one, take it away and bring it back."""

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone

from backend.assets.models import Drawing, DrawingVersion
from backend.core import audit
from backend.core.files import path_of, person_owner, read
from backend.core.models import FileProof, StoredFile
from backend.core.papers import PDF
from backend.core.pictures import MOST_PIXELS_SHOWN, PICTURES, showable, upright_size
from backend.core.problems import Problem
from backend.trust import permits
from backend.trust.actions.acting import Actor, fact, require_site
from backend.trust.models import Building, Person, Site

DOING = "change floor plans"
NO_PDF = (
    "A PDF cannot be shown as a floor plan. Open it, take a picture of its page (a screenshot or “save as image”), "
    "and send that as PNG or JPEG."
)


def refused(field: str, words: str, *, status: int = 400) -> Problem:
    """A refusal that stands at one field."""
    return Problem("floor_plan", words, status=status, fields={field: words})


@transaction.atomic
def add_drawing(*, person: Actor, site: Site, building: Building | None = None, name: str, file: StoredFile) -> Drawing:
    """Add a floor plan of a building, or a plan of the whole site, as the last of the site's. Raises Problem at the field."""
    require_site(person, permits.SITE_CHANGE, site, DOING)
    if building is not None and building.site_id != site.pk:
        raise refused("building", "That building is at another site.")
    rank = (Drawing.objects.filter(site=site, removed_at=None).aggregate(most=Max("rank"))["most"] or 0) + 1
    made = Drawing(site=site, building=building, name=sound_name(name), rank=min(rank, 999), added_at=timezone.now())
    kept(made)
    pictured(made, file, person)
    audit.append([fact("floor-plan", made, person)])
    return made


def sound_name(name: str) -> str:
    """A plan's name, "Ground floor". Raises Problem when there is none or it is longer than 80 letters."""
    name = " ".join(name.split())
    if not name or len(name) > 80:
        raise refused("name", "Give the plan a name of at most 80 letters, such as “Ground floor”.")
    return name


def kept(drawing: Drawing) -> None:
    """Save a plan; Problem when its place has one of that name."""
    try:
        with transaction.atomic():
            drawing.save()
    except IntegrityError:
        words = f"There is a plan called “{drawing.name}” here already. Give that one a newer picture, or choose a name."
        raise refused("name", words, status=409) from None


def pictured(drawing: Drawing, file: StoredFile, person: Actor) -> DrawingVersion:
    """Give a plan its next picture, and show that one. The caller has asked whether they may. Raises Problem at the file."""
    foreign = isinstance(person, Person) and not FileProof.objects.filter(sha256=file.pk, owner=person_owner(person.pk)).exists()
    if foreign:
        raise refused("file", "Choose the picture.")
    if file.content_type not in PICTURES:
        words = NO_PDF if file.content_type == PDF else "A floor plan is a picture: PNG or JPEG."
        raise refused("file", words, status=415)
    content = read(path_of(file.pk))
    size = upright_size(content)
    if size is None or not showable(content):
        most = MOST_PIXELS_SHOWN // 10**6
        raise refused(
            "file", f"This picture is too large to be shown: at most {most} million pixels. Save it smaller.", status=413
        )
    number = (drawing.versions.aggregate(most=Max("number"))["most"] or 0) + 1
    width, height = size
    made = DrawingVersion.objects.create(
        drawing=drawing, number=number, file=file, width=width, height=height, added_at=timezone.now()
    )
    drawing.current = made
    drawing.save(update_fields=["current"])
    audit.append([fact("floor-plan-picture", made, person)])
    return made


@transaction.atomic
def change_drawing(drawing: Drawing, *, person: Actor, name: str, rank: int, file: StoredFile | None = None) -> Drawing:
    """Rename a plan, move it to a place from 1 to 999 among its site's, and give it a newer picture if one is given.

    The pins stay where they are on the picture. Raises Problem at the field; then nothing is changed.
    """
    require_site(person, permits.SITE_CHANGE, drawing.site, DOING)
    standing(drawing)
    if not 1 <= rank <= 999:
        raise refused("rank", "Its place is a number from 1 to 999.")
    drawing.name, drawing.rank = sound_name(name), rank
    kept(drawing)
    if file is not None:
        pictured(drawing, file, person)
    audit.append([fact("floor-plan", drawing, person)])
    return drawing


def lock(drawing: Drawing) -> None:
    """Lock a plan that is to be changed, and read it as it is now: what is entered must be what stands."""
    Drawing.objects.select_for_update(of=("self",)).get(pk=drawing.pk)
    drawing.refresh_from_db(fields=["name", "rank", "current", "removed_at"])


def standing(drawing: Drawing) -> None:
    """Lock a plan. Raises Problem (410) when it has been taken away."""
    lock(drawing)
    if drawing.removed_at is not None:
        raise Problem("removed", "This floor plan has been taken away. Bring it back first.", status=410)


@transaction.atomic
def show_version(drawing: Drawing, *, number: int, person: Actor) -> DrawingVersion:
    """Show an earlier picture of a plan again, or a later one. Raises Problem (404) when it never had such a one."""
    require_site(person, permits.SITE_CHANGE, drawing.site, DOING)
    standing(drawing)
    wanted: DrawingVersion | None = drawing.versions.filter(number=number).first()
    if wanted is None:
        raise Problem("no_version", "This floor plan has no such version.", status=404)
    if drawing.current_id != wanted.pk:
        drawing.current = wanted
        drawing.save(update_fields=["current"])
        audit.append([fact("floor-plan", drawing, person)])
    return wanted


@transaction.atomic
def remove_drawing(drawing: Drawing, *, person: Actor) -> None:
    """Take a plan away, its pins with it. It can be brought back as it was; doing it twice changes nothing."""
    require_site(person, permits.SITE_CHANGE, drawing.site, DOING)
    lock(drawing)
    if drawing.removed_at is None:
        drawing.removed_at = timezone.now()
        drawing.save(update_fields=["removed_at"])
        audit.append([fact("floor-plan-removed", drawing, person)])


@transaction.atomic
def restore_drawing(drawing: Drawing, *, person: Actor) -> None:
    """Bring a plan back. Raises Problem (409) when another has taken its name meanwhile."""
    require_site(person, permits.SITE_CHANGE, drawing.site, DOING)
    lock(drawing)
    if drawing.removed_at is not None:
        drawing.removed_at = None
        kept(drawing)
        audit.append([fact("floor-plan", drawing, person)])
