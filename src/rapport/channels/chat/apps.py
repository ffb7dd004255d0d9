from django.apps import AppConfig


class ChatConfig(AppConfig):
    name = "rapport.channels.chat"
    label = "chat"
