"""``python -m rapport.config`` is the command ``rapport``."""

from __future__ import annotations

from rapport.config.cli import main

if __name__ == "__main__":
    main()
