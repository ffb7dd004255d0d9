from django.apps import AppConfig


class ChatConfig(AppConfig):
    name = "rapport.channels.chat"
    label = "chat"

    def ready(self) -> None:
        from rapport.channels.chat import events  # noqa: F401  (declares its names)
        from rapport.channels.chat.channel import Chat
        from rapport.desk.channels import register

        register(Chat())
