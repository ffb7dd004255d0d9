"""Live streams: 1,000 chats and 1,000 desks on one process: memory, fan-out, a storm of reconnections.

``python benchmarks/live/run.py [--streams N] [--seconds N] [--rate N]``
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from benchmarks.live.measure import main

if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--streams", type=int, default=1_000)
    parser.add_argument("--seconds", type=float, default=15.0, help="how long events are sent")
    parser.add_argument("--rate", type=float, default=5.0, help="replies per second to streams of members")
    parser.add_argument("--chat-rate", type=float, default=20.0, help="replies per second to chats")
    chosen = parser.parse_args()
    main(streams=chosen.streams, seconds=chosen.seconds, desk_rate=chosen.rate, chat_rate=chosen.chat_rate)
