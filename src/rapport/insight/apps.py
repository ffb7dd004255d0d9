from django.apps import AppConfig


class InsightConfig(AppConfig):
    name = "rapport.insight"
    label = "insight"

    def ready(self) -> None:
        from rapport.insight import metrics, permissions  # noqa: F401  (declare their names)
