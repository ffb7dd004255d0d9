"""The owner link: the one-time door that is printed when nobody owns a workspace yet."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db import connection, transaction
from django.utils.translation import gettext as _

from rapport.accounts import events
from rapport.accounts.actions.sign_ins import NewPerson, make_sign_in
from rapport.accounts.actions.workspaces import create_workspace
from rapport.accounts.models import Member, OwnerLink, Role, Workspace
from rapport.accounts.queries import actor_for
from rapport.accounts.refusals import LinkClosed, Refused
from rapport.kernel import clock, tokens
from rapport.kernel.log import record

# Any number serves, as long as it is ours: it keeps two processes from making or using links at once.
_LOCK = 7_226_030


@dataclass(frozen=True, slots=True)
class NewCompany:
    """What the first owner says about the company."""

    name: str
    time_zone: str
    country: str
    currency: str
    language: str


def owner_link() -> str | None:
    """A fresh path ``/welcome/<secret>/`` while nobody can sign in as an owner; ``None`` once somebody can.

    It replaces every link not used yet, so only the one printed last opens. Only its digest is stored. Where
    a demo company is waiting, the link opens that one; otherwise its user begins a company of their own.
    """
    with transaction.atomic():
        _alone()
        if _has_owner():
            return None
        OwnerLink.objects.filter(used_at=None).delete()
        issued = tokens.issue("welcome")
        OwnerLink.objects.create(
            digest=issued.digest,
            workspace=Workspace.objects.filter(is_demo=True).order_by("created_at").first(),
        )
    return f"/welcome/{issued.plain}/"


def open_owner_link(secret: str) -> OwnerLink:
    """The link of that secret while it still opens something. Raises ``LinkClosed``."""
    link = OwnerLink.objects.select_related("workspace").filter(digest=tokens.digest_of(secret)).first()
    if link is None:
        raise LinkClosed("unknown", _("This link is not known. A newer one may have replaced it."))
    if link.used_at is not None:
        raise LinkClosed("used", _("This link was used already. Sign in instead."))
    if _has_owner():
        raise LinkClosed("late", _("This installation has an owner already. Ask them for an invitation."))
    return link


def use_owner_link(secret: str, *, person: NewPerson, company: NewCompany | None = None) -> Member:
    """Make the first owner and, unless the link opens a demo company, their company.

    Used twice or by two people at once, it opens for one. Raises ``LinkClosed``, and ``Refused`` for input
    that needs another try; the link stays good then.
    """
    with transaction.atomic():
        _alone()
        link = open_owner_link(secret)
        user = make_sign_in(person)
        if link.workspace is not None:
            owner = Member.objects.create(
                workspace=link.workspace,
                user=user,
                role=Role.objects.within(link.workspace).get(key="owner"),
                name=user.name,
            )
            record(
                actor_for(owner),
                events.MEMBER_JOINED,
                subject=("member", owner.pk),
                data={"name": owner.name, "role": owner.role.name, "by": "owner link"},
            )
        elif company is None:
            raise Refused("no_company", _("Say what your company is called."), field="company")
        else:
            _workspace, owner = create_workspace(
                user,
                name=company.name,
                time_zone=company.time_zone,
                country=company.country,
                currency=company.currency,
                language=company.language,
            )
        link.used_at = clock.now()
        link.save(update_fields=["used_at"])
    return owner


def _alone() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def _has_owner() -> bool:
    """Whether anybody can sign in as an owner. People of a demo company are owners without a password."""
    return (
        Member.objects.across_workspaces()
        .filter(role__key="owner", suspended_at=None, user__is_active=True)
        .exclude(user__password__startswith=UNUSABLE_PASSWORD_PREFIX)
        .exclude(user__password="")
        .exists()
    )
