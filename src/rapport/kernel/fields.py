"""Model fields of the kernel. The only kernel module besides scoping that knows Django."""

from typing import TYPE_CHECKING, Any

from django.core.exceptions import FieldError
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.expressions import Expression

from rapport.kernel.secrets import SecretsError, configure, process_keyring

__all__ = ["EncryptedTextField", "configure"]

if TYPE_CHECKING:
    _TextField = models.TextField[str, str]
else:  # the stubs' type parameters do not exist at run time
    _TextField = models.TextField


class EncryptedTextField(_TextField):
    """A text that is encrypted in the database and plain in Python; None stays None.

    Uses the keyring given to `configure`. It cannot be searched or ordered by: each encryption of the same
    text differs. Reading raises the keyring's error, naming the field, when no key fits.
    """

    description = "Encrypted text"

    def get_prep_value(self, value: Any) -> Any:
        plain = super().get_prep_value(value)
        return None if plain is None else process_keyring().encrypt(plain)

    def from_db_value(
        self, value: str | None, expression: Expression, connection: BaseDatabaseWrapper
    ) -> str | None:
        if value is None:
            return None
        try:
            return process_keyring().decrypt(value)
        except SecretsError as error:
            owner = getattr(self, "model", None)
            place = f"{owner.__name__}.{self.name}" if owner else "an encrypted field"
            raise type(error)(f"{place}: {error}") from error

    def get_lookup(self, lookup_name: str) -> Any:
        # A comparison would silently find nothing.
        if lookup_name == "isnull":
            return super().get_lookup(lookup_name)
        raise FieldError(f"{self.name} is encrypted and cannot be compared ({lookup_name})")

    def get_transform(self, lookup_name: str) -> Any:
        raise FieldError(f"{self.name} is encrypted and has no parts to look into ({lookup_name})")
