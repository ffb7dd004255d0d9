"""Starting: a fresh clone until its first page with a warm package cache, and again, beside a bare server.

``python benchmarks/start/run.py [--times N]``; needs git, make and the packages in uv's cache.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from benchmarks.start.measure import main

if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=5, help="restarts")
    main(times=parser.parse_args().times)
