"""Who calls: a program with its key, or a member's browser with its session and a CSRF token."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest
from ninja.errors import AuthenticationError, HttpError
from ninja.security import APIKeyCookie, HttpBearer

from rapport.accounts import queries
from rapport.accounts.actions import note_api_key_use
from rapport.kernel import limits
from rapport.kernel.actors import Actor
from rapport.kernel.limits import Limiter

REQUESTS = "api.request"
limits.register(REQUESTS, "600/minute")
limiter = Limiter()
# A member of several companies says which one is meant.
WORKSPACE_HEADER = "Rapport-Workspace"


class BearerKey(HttpBearer):
    """`Authorization: Bearer rk_live_…`. The workspace is the key's; no CSRF token is needed."""

    def __call__(self, request: HttpRequest) -> Actor | None:
        actor: Actor | None = super().__call__(request)
        # A header that is there but wrong must not fall back to whatever session the browser has.
        if actor is None and request.headers.get(self.header):
            raise AuthenticationError(message="The API key is unknown, revoked, expired or at rest.")
        return actor

    def authenticate(self, request: HttpRequest, token: str) -> Actor | None:
        actor = queries.actor_of_api_key(token.strip())
        if actor is not None:
            limiter.hit(REQUESTS, str(actor.id))
            note_api_key_use(actor)
        return actor


class MemberSession(APIKeyCookie):
    """The session of a signed-in member; writes need the `X-CSRFToken` header."""

    param_name = settings.SESSION_COOKIE_NAME

    def _get_key(self, request: HttpRequest) -> str | None:
        # Somebody who is nobody is told so, not that a token is missing.
        return super()._get_key(request) if request.user.is_authenticated else None

    def authenticate(self, request: HttpRequest, key: str | None) -> Actor | None:
        if key is None or not request.user.is_authenticated:
            return None
        slug = request.headers.get(WORKSPACE_HEADER, "") or _only_workspace(request)
        actor = queries.actor_of(request.user, slug)
        if actor is not None:
            limiter.hit(REQUESTS, str(actor.id))
        return actor


def _only_workspace(request: HttpRequest) -> str:
    found = queries.workspaces_of(request.user)
    if len(found) > 1:
        raise HttpError(400, f"You work in several companies; name one in the header {WORKSPACE_HEADER}.")
    return found[0].slug if found else ""
