"""`python -m tests.matrix write` writes the table anew from the declarations; `check` says whether it is up to date."""

import os
import sys

USAGE = "python -m tests.matrix write | check"


def say(text: str) -> None:
    """A line to whoever asked."""
    sys.stdout.write(text + "\n")


def main(words: list[str]) -> int:
    """Do what was asked; answers the exit status."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backend.config.settings")
    import django

    django.setup()
    from tests.matrix import table
    from tests.matrix.routes import missing

    if words not in (["write"], ["check"]):
        say(USAGE)
        return 2
    if words == ["write"]:
        table.write()
    gone = missing()
    for each in gone:
        say(each)
    same = table.kept() == table.text()
    say(f"{table.PATH.name}: {table.cells():,} cells; {'up to date' if same else 'differs from the declarations'}")
    return 0 if same and not gone else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
