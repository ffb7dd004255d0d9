"""What we tell allauth: nobody signs up by themselves, and second factors are kept encrypted."""

from __future__ import annotations

import logging
from smtplib import SMTPException
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.http import HttpRequest
from django.utils import translation

from rapport.kernel.secrets import process_keyring

log = logging.getLogger(__name__)


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Sign-ins are made by the owner link and by invitations only."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def format_email_subject(self, subject: str) -> str:
        return f"Rapport: {subject}"

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send in the language the person chose, else the browser's; or say in the log why not.

        An error page here would tell a stranger which addresses have a sign-in: only those get mail.
        """
        chosen = getattr(context.get("user"), "language", "") or translation.get_language() or "en"
        try:
            with translation.override(chosen):
                super().send_mail(template_prefix, email, context)
        except (OSError, SMTPException) as error:
            log.error("the mail %s could not be sent: %s", template_prefix, error)


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Secrets of authenticator apps and recovery codes are encrypted with the installation's keys."""

    def encrypt(self, text: str) -> str:
        return process_keyring().encrypt(text)

    def decrypt(self, encrypted_text: str) -> str:
        return process_keyring().decrypt(encrypted_text)

    def _get_site_name(self) -> str:
        # Shown by the browser or phone next to the passkey; allauth would show the host name.
        return "Rapport"
