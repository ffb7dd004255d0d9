from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "rapport.desk"
    label = "desk"

    def ready(self) -> None:
        from rapport.desk import channels, events, jobs, permissions  # noqa: F401  (declare their names)
        from rapport.desk.importing.accounts import ImportedChannel

        channels.register(ImportedChannel())
