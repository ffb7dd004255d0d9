from django.apps import AppConfig


class FeedbackConfig(AppConfig):
    name = "rapport.feedback"
    label = "feedback"

    def ready(self) -> None:
        from rapport.feedback import events, jobs, permissions  # noqa: F401  (declare their names)
        from rapport.timeline.subscriptions import subscribe

        subscribe("conversation.resolved", jobs.ask_after_service.defer)
