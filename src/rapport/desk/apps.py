from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "rapport.desk"
    label = "desk"

    def ready(self) -> None:
        from rapport.desk import events, jobs, permissions  # noqa: F401  (declare their names)
