from django.apps import AppConfig


class WidgetConfig(AppConfig):
    name = "rapport.widget"
    label = "widget"
