"""Metrics: each defined once, each with its interval, its n and the rows behind it."""
