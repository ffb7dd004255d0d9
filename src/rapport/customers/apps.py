from django.apps import AppConfig


class CustomersConfig(AppConfig):
    name = "rapport.customers"
    label = "customers"

    def ready(self) -> None:
        from rapport.customers import events, permissions  # noqa: F401  (declare their names)
