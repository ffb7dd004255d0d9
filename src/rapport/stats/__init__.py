"""The arithmetic of experience, usable on its own: ``from rapport.stats import wilson``."""

from rapport.stats.proportions import Estimate, difference, verdict, wilson

__all__ = ["Estimate", "difference", "verdict", "wilson"]
