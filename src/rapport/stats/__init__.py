"""The arithmetic of experience, usable on its own: ``from rapport.stats import wilson, nps``."""

from rapport.stats.proportions import Estimate, difference, verdict, wilson
from rapport.stats.scores import median_interval, nps

__all__ = ["Estimate", "difference", "median_interval", "nps", "verdict", "wilson"]
