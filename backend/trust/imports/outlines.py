"""Site boundaries and building footprints from GeoJSON, GeoPackage or a zipped Shapefile, whatever their coordinates."""

import json
import tempfile
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any, ClassVar, Final

from backend.core.problems import Problem
from backend.core.sheets import Line, lines_of
from backend.core.spreadsheets import MARK
from backend.trust import permits
from backend.trust.actions import Actor, draw_outline, require_school
from backend.trust.imports.cells import folded, of_length, suggested
from backend.trust.imports.kinds import CHANGED, NEW, SAME, Kind, Options, Plan, Tell, Trace
from backend.trust.imports.named import urns_of
from backend.trust.imports.tables import Column, Row, Table
from backend.trust.models import Building, Outline, Person, Site

MOST_BYTES: Final = 40 * 1024 * 1024
MOST_UNFOLDED: Final = 200 * 1024 * 1024
MOST_SHAPES: Final = 5000
MOST_POINTS: Final = 5000
PLACES: Final = 7  # of a degree: a centimetre
SHAPES: Final = frozenset({"Polygon", "MultiPolygon"})
BRITISH_GRID: Final = 27700


class Outlines(Kind):
    """Outlines of sites and buildings."""

    key: ClassVar[str] = "outlines"
    title: ClassVar[str] = "Site boundaries and footprints"
    lead: ClassVar[str] = (
        "Shapes from a map: each is matched to a site by its UPRN, its school's URN or its name, or to a building by its name. "
        "Coordinates may be of any system that the file names."
    )
    permit: ClassVar[str] = permits.SITE_CHANGE
    where: ClassVar[str] = "maybe"
    files: ClassVar[str] = "GeoJSON, GeoPackage (.gpkg) or a zipped Shapefile"
    accept: ClassVar[str] = ".geojson,.json,.gpkg,.zip,.csv"
    doing: ClassVar[str] = "draw outlines"

    def columns(self, options: Options) -> Sequence[Column]:
        """The columns that a shape's attributes are matched by."""
        return (
            Column("geometry", "geometry", shape, required=True, help="the shape"),
            Column("building", "Building", of_length(120), aliases=("building_name", "block", "bldg")),
            Column("site", "Site", of_length(200), aliases=("site_name", "campus")),
            Column("name", "Name", of_length(200), aliases=("title", "label", "EstablishmentName", "school")),
            Column("uprn", "UPRN", of_length(20)),
            Column("urn", "URN", of_length(20), aliases=("school_urn",)),
        )

    def lines(self, content: bytes) -> Iterator[Line]:
        """The shapes as lines: their attributes, and the geometry as GeoJSON in WGS 84."""
        if content.removeprefix(MARK.encode()).lstrip()[:1] not in (b"{", b"[") and content[:4] not in (b"PK\x03\x04", b"SQLi"):
            return lines_of(content)
        return shape_lines(content)

    def require(self, actor: Actor, options: Options) -> None:
        """At the school chosen; else at each site, as it is drawn."""
        if options.school:
            require_school(actor, self.permit, options.school, self.doing)

    def plan(self, table: Table, options: Options, actor: Actor) -> Plan:
        """Which site or building each shape belongs to."""
        plan = Plan(table)
        sites = Site.objects.select_related("school").prefetch_related("school__former_urns")
        sites = sites.visible_to(actor, self.permit) if isinstance(actor, Person) else sites.all()
        if options.school:
            sites = sites.filter(school=options.school)
        found = Matcher(list(sites))
        drawn = {(each.site_id, each.building_id): each for each in Outline.objects.filter(site__in=found.sites)}
        seen: dict[Any, int] = {}
        for row in table.sound():
            place = found.of(table, row)
            if place is None:
                continue
            site, building = place
            key = (site.pk, building.pk if building else None)
            if key in seen:
                table.wrong(row, "", f"Row {seen[key]} is the outline of {building or site} already. Take one of them out.")
                continue
            seen[key] = row.number
            there, geometry = drawn.get(key), row["geometry"]
            did = NEW if there is None else SAME if there.geometry == geometry else CHANGED
            area = area_of(geometry)
            plan.add(row.number, did, "footprint" if building else "boundary", str(building or site), f"{area:,} m²")
            if did != SAME:
                plan.work.append((row.number, site, building, geometry, area, there))
        return plan

    def apply(self, plan: Plan, options: Options, actor: Actor, trace: Trace, tell: Tell) -> None:
        """Draw each."""
        for row, site, building, geometry, area, there in plan.work:
            if there:
                trace.changed(row, there, {"geometry": there.geometry, "area_m2": there.area_m2})
            outline = draw_outline(site=site, building=building, geometry=geometry, area_m2=area, actor=actor)
            if not there:
                trace.made(row, outline)


class Matcher:
    """Finds what a shape is the outline of."""

    def __init__(self, sites: Sequence[Site]) -> None:
        self.sites = sites
        self.by_uprn = {each.uprn.lstrip("0"): each for each in sites if each.uprn}
        self.by_name: dict[str, list[Site]] = {}
        self.by_urn: dict[str, list[Site]] = {}
        for each in sites:
            for urn in urns_of(each.school):
                self.by_urn.setdefault(urn, []).append(each)
            for word in {folded(each.name), folded(each.school.name)}:
                self.by_name.setdefault(word, []).append(each)
        self.buildings = list(Building.objects.filter(site__in=sites).select_related("site"))

    def of(self, table: Table, row: Row) -> tuple[Site, Building | None] | None:
        """(site, building or None for its boundary); None, with the fault noted."""
        site = self.site_of(row)
        name = row["building"] or (row["name"] if site is None or row["site"] or row["urn"] else None)
        if name:
            near = [each for each in self.buildings if site is None or each.site_id == site.pk]
            named = [each for each in near if folded(each.name) == folded(name)]
            if len(named) == 1:
                return named[0].site, named[0]
            if row["building"] or site is None:
                self.lost(table, row, name, named, near)
                return None
        if site is None:
            self.lost(table, row, "", [], self.buildings)
            return None
        return site, None

    def site_of(self, row: Row) -> Site | None:
        """The site that the row names by UPRN, URN or name, if it is one."""
        if row["uprn"] and (found := self.by_uprn.get(row["uprn"].lstrip("0"))):
            return found
        for rows in (self.by_urn.get(row["urn"] or ""), self.by_name.get(folded(row["site"] or row["name"] or ""))):
            if rows and len(rows) == 1:
                return rows[0]
        return self.sites[0] if len(self.sites) == 1 and not row["name"] and not row["site"] else None

    def lost(self, table: Table, row: Row, name: str, named: Sequence[Building], near: Sequence[Building]) -> None:
        """Note that nothing, or too much, fits."""
        if len(named) > 1:
            sites = ", ".join(str(each.site) for each in named[:4])
            table.wrong(
                row, "building", f"There are several buildings “{name}” ({sites}). Add a column Site, or choose the school."
            )
            return
        names = [each.name for each in near] + [each.name for each in self.sites]
        said = (
            f"No site or building is called “{name}”." if name else "Neither a UPRN, a URN nor a name tells whose outline it is."
        )
        table.wrong(row, "building" if row["building"] else "name", said + suggested(name, names))


def shape(text: str) -> dict[str, Any]:
    """A geometry as GeoJSON. Raises Wrong by way of a Problem's words."""
    from backend.trust.imports.cells import Wrong

    try:
        found = json.loads(text)
    except ValueError:
        raise Wrong("The shape cannot be read.") from None
    if not isinstance(found, dict) or found.get("type") not in SHAPES:
        kind = found.get("type") if isinstance(found, dict) else "nothing"
        raise Wrong(f"This is {kind}. An outline is a Polygon or MultiPolygon.")
    return found


def shape_lines(content: bytes) -> Iterator[Line]:
    """The lines of a file of shapes. Raises Problem."""
    frame = frame_of(content)
    if len(frame) > MOST_SHAPES:
        raise Problem("too_large", f"The file has {len(frame):,} shapes. Send at most {MOST_SHAPES:,} at a time.", status=413)
    names = [name for name in frame.columns if name != frame.geometry.name]
    yield Line(1, ["geometry", *(str(name) for name in names)])
    for number, (geometry, values) in enumerate(zip(frame.geometry, frame[names].itertuples(index=False), strict=True), 2):
        cells = ["" if value is None or value != value else plain(value) for value in values]
        yield Line(number, [spelled(geometry), *cells])


def plain(value: Any) -> str:
    """An attribute as text: whole numbers without a point."""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def spelled(geometry: Any) -> str:
    """A shape as GeoJSON of two dimensions, to the centimetre, simplified when it has very many points."""
    if geometry is None or geometry.is_empty:
        return ""
    import shapely

    geometry = shapely.force_2d(geometry)
    if not geometry.is_valid:
        geometry = shapely.make_valid(geometry)
    tolerance = 1e-6
    while shapely.get_num_coordinates(geometry) > MOST_POINTS:
        geometry, tolerance = geometry.simplify(tolerance), tolerance * 2
    return str(shapely.to_geojson(shapely.set_precision(geometry, 10**-PLACES)))


def frame_of(content: bytes) -> Any:
    """The file as a geopandas frame in WGS 84. Raises Problem when it cannot be read or does not say its coordinates."""
    if len(content) > MOST_BYTES:
        raise Problem("too_large", f"A file of shapes may have at most {MOST_BYTES // 2**20} MB.", status=413)
    import geopandas  # slow to load and large: jobs and commands alone come here

    with tempfile.TemporaryDirectory() as folder:
        path = unfolded(content, Path(folder))
        try:
            frame = geopandas.read_file(path, engine="pyogrio")
        except Exception as wrong:  # GDAL raises of every kind
            raise Problem("damaged", "This file of shapes cannot be read. Export it again as GeoJSON.") from wrong
    if "geometry" not in frame:
        raise Problem("damaged", "This file has a table and no shapes. Export it again with its geometry.")
    if frame.crs is None:
        bounds = frame.total_bounds
        if not all(abs(each) <= 180 for each in bounds):
            frame = frame.set_crs(BRITISH_GRID) if looks_british(bounds) else frame
        else:
            frame = frame.set_crs(4326)
    if frame.crs is None:
        raise Problem("no_crs", "The file does not say in what coordinates it is. For a Shapefile, send its .prj along.")
    return frame.to_crs(4326)


def looks_british(bounds: Any) -> bool:
    """Whether these bounds lie on the British National Grid."""
    west, south, east, north = (float(each) for each in bounds)
    return west >= 0 and south >= 0 and east <= 700_000 and north <= 1_300_000


def unfolded(content: bytes, folder: Path) -> Path:
    """The file on disk, a zipped Shapefile unpacked: only its own parts, of a bounded size. Raises Problem."""
    if content[:4] == b"SQLi":
        path = folder / "shapes.gpkg"
        path.write_bytes(content)
        return path
    if content[:4] != b"PK\x03\x04":
        path = folder / "shapes.geojson"
        path.write_bytes(content)
        return path
    try:
        with zipfile.ZipFile(BytesIO(content)) as opened:
            parts = [each for each in opened.infolist() if Path(each.filename).suffix.lower() in PARTS and not each.is_dir()]
            if sum(each.file_size for each in parts) > MOST_UNFOLDED or len(parts) > 50:
                raise Problem("unfolds", "This file would unfold to far more than it is. Send it in parts.")
            stems = sorted({Path(each.filename).stem for each in parts if each.filename.lower().endswith((".shp", ".gpkg"))})
            for each in parts:
                name = Path(each.filename)
                if stems and name.stem == stems[0]:
                    (folder / f"shapes{name.suffix.lower()}").write_bytes(opened.read(each))
    except (zipfile.BadZipFile, OSError, EOFError, RuntimeError, NotImplementedError, ValueError) as wrong:
        raise Problem("damaged", "This ZIP file is damaged. Make it again.") from wrong
    for ending in (".shp", ".gpkg", ".geojson", ".json"):
        if (folder / f"shapes{ending}").exists():
            return folder / f"shapes{ending}"
    raise Problem("no_shapes", "This ZIP holds no Shapefile (.shp with its .dbf, .shx and .prj).")


PARTS: Final = frozenset({".shp", ".dbf", ".shx", ".prj", ".cpg", ".gpkg", ".geojson", ".json"})


def area_of(geometry: Mapping[str, Any]) -> int:
    """The area of a shape in WGS 84, square metres, on the ellipsoid."""
    import shapely
    from pyproj import Geod

    found = shapely.from_geojson(json.dumps(geometry))
    return round(abs(Geod(ellps="WGS84").geometry_area_perimeter(found)[0]))
