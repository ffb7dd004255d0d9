"""Inbox at 100,000 conversations: time, CPU and SQL statements per screen, beside bare psycopg and JSON.

``python benchmarks/inbox/run.py [--conversations N] [--requests N] [--explain]``
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from benchmarks.inbox.measure import main

if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--conversations", type=int, default=100_000)
    parser.add_argument("--requests", type=int, default=100, help="requests per screen")
    parser.add_argument("--explain", action="store_true", help="print plans of statements above 2 ms")
    parser.add_argument("--keep", type=Path, help="use and keep this folder, filled once")
    chosen = parser.parse_args()
    main(
        conversations=chosen.conversations, requests=chosen.requests, explain=chosen.explain, keep=chosen.keep
    )
