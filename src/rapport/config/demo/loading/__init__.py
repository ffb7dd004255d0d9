"""Loading the demo company: the simulation as rows of the database, as if it had all happened here."""

from rapport.config.demo.loading.builder import Built, DemoBusy, build

__all__ = ["Built", "DemoBusy", "build"]
