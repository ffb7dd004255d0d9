"""Reads about workspaces, the people in them and the keys of programs."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, F, Prefetch, Q, QuerySet

from rapport.accounts.models import (
    ApiKey,
    Brand,
    Calendar,
    Invitation,
    Member,
    Role,
    Team,
    TeamMembership,
    User,
    Workspace,
)
from rapport.accounts.permissions import BUILT_IN_ROLES
from rapport.kernel import clock, tokens
from rapport.kernel.actors import Actor, ActorKind


@dataclass(frozen=True, slots=True)
class Seat:
    """The place a sign-in has in one workspace: who acts, and what its screens need to know."""

    actor: Actor
    member_id: uuid.UUID
    user_id: uuid.UUID
    name: str
    language: str
    theme: str
    role: str
    workspace_id: uuid.UUID
    workspace_slug: str
    workspace_name: str
    time_zone: str
    currency: str
    country: str
    is_demo: bool


def seat_of(user: AbstractBaseUser | AnonymousUser, workspace_slug: str) -> Seat | None:
    """The seat of a sign-in in a workspace; one SQL statement.

    ``None`` for strangers, suspended members and sign-ins that were closed, all alike.
    """
    if not user.is_authenticated or not user.is_active:
        return None
    member = (
        Member.objects.across_workspaces()
        .select_related("role", "workspace", "user")
        .filter(user_id=user.pk, workspace__slug=workspace_slug, suspended_at=None)
        .first()
    )
    return _seat(member) if member else None


def actor_of(user: AbstractBaseUser | AnonymousUser, workspace_slug: str) -> Actor | None:
    """Who a sign-in is in a workspace; one SQL statement. ``None`` as in ``seat_of``."""
    seat = seat_of(user, workspace_slug)
    return seat.actor if seat else None


def _seat(member: Member) -> Seat:
    workspace = member.workspace
    return Seat(
        actor=actor_for(member),
        member_id=member.pk,
        user_id=member.user_id,
        name=member.name,
        language=member.user.language,
        theme=member.user.theme,
        role=member.role.name,
        workspace_id=workspace.pk,
        workspace_slug=workspace.slug,
        workspace_name=workspace.name,
        time_zone=workspace.time_zone,
        currency=workspace.currency,
        country=workspace.country,
        is_demo=workspace.is_demo,
    )


def actor_for(member: Member) -> Actor:
    """The actor that a member is. ``member.role`` should have been loaded along."""
    return Actor(
        workspace_id=member.workspace_id,
        kind=ActorKind.MEMBER,
        id=member.pk,
        name=member.name,
        permissions=frozenset(member.role.permissions),
    )


def actor_of_api_key(plain: str) -> Actor | None:
    """Who a program is; one SQL statement. ``None`` for keys that are unknown, revoked or expired.

    A key never may more than its issuer may now: it rests while they are suspended, and a permission that
    their role lost is lost to the key.
    """
    key = (
        ApiKey.objects.across_workspaces()
        .select_related("issued_by__role")
        .filter(digest=tokens.digest_of(plain), revoked_at=None)
        .filter(Q(expires_at=None) | Q(expires_at__gt=clock.now()))
        .first()
    )
    if key is None or not tokens.matches(plain, key.digest):
        return None
    permissions = frozenset(key.permissions)
    if key.issued_by is not None:
        if key.issued_by.suspended_at is not None:
            return None
        permissions &= frozenset(key.issued_by.role.permissions)
    return Actor(
        workspace_id=key.workspace_id,
        kind=ActorKind.API_KEY,
        id=key.pk,
        name=key.name,
        permissions=permissions,
    )


def workspace_of(workspace_id: uuid.UUID) -> Workspace:
    """The workspace itself; raises ``Workspace.DoesNotExist``."""
    return Workspace.objects.get(pk=workspace_id)


def workspaces_of(user: AbstractBaseUser | AnonymousUser) -> Sequence[Workspace]:
    """The workspaces a sign-in can open, by name."""
    if not user.is_authenticated:
        return []
    members = (
        Member.objects.across_workspaces()
        .select_related("workspace")
        .filter(user_id=user.pk, suspended_at=None)
        .order_by("workspace__name", "pk")
    )
    return [member.workspace for member in members]


def has_sign_in(email: str) -> bool:
    """Whether an address signs in here. Only for who holds a secret meant for that address."""
    return User.objects.filter(email=email.lower()).exists()


def members_of(workspace: Workspace | Actor | uuid.UUID, *, suspended: bool = False) -> QuerySet[Member]:
    """The members with role, sign-in and teams, by name; those suspended only when asked for."""
    teams = TeamMembership.objects.within(workspace).select_related("team").order_by("team__name")
    members = (
        Member.objects.within(workspace)
        .select_related("role", "user")
        .prefetch_related(Prefetch("team_memberships", queryset=teams))
        .order_by("name", "pk")
    )
    return members if suspended else members.filter(suspended_at=None)


def teams_of(workspace: Workspace | Actor | uuid.UUID) -> QuerySet[Team]:
    """The teams with their members, by name."""
    inside = TeamMembership.objects.within(workspace).select_related("member").order_by("member__name")
    return (
        Team.objects.within(workspace)
        .prefetch_related(Prefetch("memberships", queryset=inside))
        .order_by("name", "pk")
    )


def roles_of(workspace: Workspace | Actor | uuid.UUID) -> list[Role]:
    """The roles, built-in ones first in order of authority, each with ``holders`` (how many have it)."""
    held = Count("members", filter=Q(members__suspended_at=None))
    roles = Role.objects.within(workspace).annotate(holders=held).order_by("name", "pk")
    order = list(BUILT_IN_ROLES)
    return sorted(roles, key=lambda role: order.index(role.key) if role.key in order else len(order))


def open_invitations_of(workspace: Workspace | Actor | uuid.UUID) -> QuerySet[Invitation]:
    """Invitations that somebody can still accept, and those that expired unanswered, latest first."""
    return (
        Invitation.objects.within(workspace)
        .select_related("role", "invited_by")
        .filter(accepted_at=None, withdrawn_at=None)
        .order_by("-created_at", "-pk")
    )


def brands_of(workspace: Workspace | Actor | uuid.UUID) -> QuerySet[Brand]:
    """The brands, oldest first: the first is the company's own."""
    return Brand.objects.within(workspace).order_by("created_at", "pk")


def calendars_of(workspace: Workspace | Actor | uuid.UUID) -> QuerySet[Calendar]:
    """Business hours, the default first."""
    return Calendar.objects.within(workspace).order_by("-is_default", "name", "pk")


def api_keys_of(workspace: Workspace | Actor | uuid.UUID) -> QuerySet[ApiKey]:
    """Keys for programs with their issuers: working ones first, latest first."""
    return (
        ApiKey.objects.within(workspace)
        .select_related("issued_by")
        .order_by(F("revoked_at").desc(nulls_first=True), "-created_at", "-pk")
    )


def default_calendar(workspace_id: uuid.UUID) -> Calendar | None:
    """The business hours that hold where nothing else is said."""
    return Calendar.objects.within(workspace_id).filter(is_default=True).first()
