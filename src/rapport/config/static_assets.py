"""Static files: gathered, hashed and compressed when they changed, and only then."""

from __future__ import annotations

import hashlib
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command

from rapport.config.version import version

MARK = ".gathered"


def gather_static_files() -> bool:
    """Make the folder ``static`` of the data folder hold what this version serves; whether it had to.

    The mark is written last: a run that was killed is done again. In developer's mode files are served
    from their sources.
    """
    if settings.DEBUG:
        return False
    folder = Path(settings.STATIC_ROOT)
    wanted = _fingerprint()
    mark = folder / MARK
    if mark.exists() and mark.read_text() == wanted:
        return False
    mark.unlink(missing_ok=True)
    call_command("collectstatic", interactive=False, verbosity=0, clear=True)
    mark.write_text(wanted)
    return True


def _fingerprint() -> str:
    """Of the version and of every source's name, size and time of change."""
    digest = hashlib.sha256(version().encode())
    for finder in get_finders():
        for name, storage in sorted(finder.list([]), key=lambda found: str(found[0])):
            state = Path(storage.path(name)).stat()
            digest.update(f"{name}\0{state.st_size}\0{state.st_mtime_ns}\n".encode())
    return digest.hexdigest()
