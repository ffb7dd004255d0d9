from django.apps import AppConfig


class TimelineConfig(AppConfig):
    name = "rapport.timeline"
    label = "timeline"

    def ready(self) -> None:
        from rapport.kernel import log
        from rapport.timeline import events, store  # noqa: F401  (events declares its names)

        log.provide(store.append)
