"""One installation for all tests here: a cluster of its own, the tree read-only, the database brought up by the entrypoint."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.abuse.cluster import Cluster
from tests.docker.installation import SET_UP, Installation, install, other_user, python_for_them


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """They share one worker: they share one installation."""
    for item in items:
        if "/tests/docker/" in str(item.path):
            item.add_marker(pytest.mark.xdist_group("docker"))


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """A PostgreSQL that these tests may kill."""
    with tempfile.TemporaryDirectory(prefix="siteward-docker-") as folder:
        Path(folder).chmod(0o755)
        made = Cluster(Path(folder) / "postgres")
        made.start()
        made.make("siteward")
        yield made
        made.stop()


@pytest.fixture(scope="session")
def installed(cluster: Cluster) -> Iterator[Installation]:
    """Installed and brought up, with one school and its caretaker. Processes are started by the tests."""
    if python_for_them() is None:
        pytest.skip(f"no Python of this version can be run by user {other_user()}: install python3.11 for everybody")
    with tempfile.TemporaryDirectory(prefix="siteward-image-") as folder:
        made = install(Path(folder), cluster.url("siteward"))
        try:
            made.run("upgrade")
            made.more["SITE"], made.more["PERSON"] = made.run("shell", "-v0", "-c", SET_UP).stdout.split()[-2:]
            yield made
        finally:
            made.end()
