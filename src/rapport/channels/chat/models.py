"""Chat sites, and the sign-ins by which anonymous visitors became known customers."""

from __future__ import annotations

from django.db import models

from rapport.customers.models import Identity
from rapport.desk.models import ChannelAccount
from rapport.kernel.fields import EncryptedTextField
from rapport.kernel.scoping import WorkspaceRow


class ChatSite(WorkspaceRow):
    """What a chat account has beyond its name: where it may appear, how it greets, how it trusts.

    ``secret`` signs the JWTs of customers the company has signed in; ``previous_secret`` is still believed
    until the rotation ends. ``greeting`` and ``away`` map languages to texts. The public key of the site,
    which stands in the page, is the account's address.
    """

    class Position(models.TextChoices):
        END = "end", "Bottom, at the end of the line"
        START = "start", "Bottom, at the start of the line"

    account = models.OneToOneField(ChannelAccount, on_delete=models.CASCADE, related_name="+")
    secret = EncryptedTextField()
    previous_secret = EncryptedTextField(blank=True, default="")
    secret_changed_at = models.DateTimeField()
    origins = models.JSONField(default=list, blank=True)
    require_identity = models.BooleanField(default=False)
    greeting = models.JSONField(default=dict, blank=True)
    away = models.JSONField(default=dict, blank=True)
    position = models.CharField(max_length=5, choices=Position.choices, default=Position.END)
    language = models.CharField(max_length=10, default="en")

    def __str__(self) -> str:
        return self.account.name

    @property
    def key(self) -> str:
        """The public key that names the site in pages."""
        return self.account.address

    @property
    def accent(self) -> str:
        """The brand's colour, as ``#rrggbb``."""
        return self.account.brand.accent

    @property
    def secrets(self) -> tuple[str, ...]:
        """The secrets that may have signed a JWT, newest first."""
        return tuple(secret for secret in (self.secret, self.previous_secret) if secret)


class VisitorSignIn(WorkspaceRow):
    """An anonymous visitor turned out to be a known customer; from then on its token opens nothing."""

    account = models.ForeignKey(ChannelAccount, on_delete=models.CASCADE, related_name="+")
    anonymous = models.OneToOneField(Identity, on_delete=models.CASCADE, related_name="+")
    known = models.ForeignKey(Identity, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["known", "account", "-at"], name="sign_in_by_known")]
