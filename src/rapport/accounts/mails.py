"""Mails about membership, sent after the change is committed; a mail server that is away undoes nothing."""

from __future__ import annotations

import logging
from smtplib import SMTPException

from django.core.mail import EmailMessage
from django.utils import translation
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from rapport.accounts.models import Invitation

log = logging.getLogger(__name__)


def send_invitation(invitation: Invitation, *, link: str, inviter: str) -> bool:
    """Mail the link to the invited address, in the company's language; whether the mail server took it.

    The link holds a secret that is stored nowhere, so this cannot be a background job.
    """
    workspace = invitation.workspace
    with translation.override(workspace.language):
        words = {
            "inviter": inviter,
            "company": workspace.name,
            "link": link,
            "until": date_format(localtime(invitation.expires_at), "DATE_FORMAT"),
        }
        subject = _("%(inviter)s invites you to %(company)s on Rapport") % words
        body = _(
            "%(inviter)s invites you to answer customers of %(company)s together.\n\n"
            "Come in here, until %(until)s:\n%(link)s\n\n"
            "If you did not expect this, you can ignore it."
        )
    message = EmailMessage(subject=subject, body=body % words, to=[invitation.email])
    try:
        return message.send() == 1
    except (OSError, SMTPException) as error:
        log.warning("the invitation of %s could not be mailed: %s", invitation.pk, error)
        return False
