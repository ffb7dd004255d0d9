from django.apps import AppConfig


class KernelConfig(AppConfig):
    name = "rapport.kernel"
    label = "kernel"

    def ready(self) -> None:
        from django.conf import settings

        from rapport.kernel import fields, secrets

        fields.configure(secrets.load_or_create(settings.KEYRING_PATH))
