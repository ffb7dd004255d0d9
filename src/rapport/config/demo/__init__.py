"""The demo company: a pure simulation of a Kenyan online shop, with planted truths for analyses to find.

Nothing in here knows Django or a database; the loader turns a :class:`Company` into rows.
"""

from rapport.config.demo.company import Company, fingerprint
from rapport.config.demo.simulation import simulate

__all__ = ["Company", "fingerprint", "simulate"]
