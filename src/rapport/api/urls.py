"""REST API, version 1: mounted at ``/api/v1/``. Its description is at ``/api/v1/openapi.json``."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import URLPattern, URLResolver, path
from ninja import NinjaAPI

from rapport.accounts.queries import workspace_of
from rapport.api import conversations, customers, metrics
from rapport.api.access import BearerKey, MemberSession
from rapport.api.errors import install
from rapport.api.shapes import Me

api = NinjaAPI(
    title="Rapport",
    version="1",
    description="Conversations, customers and measures of one workspace. See docs/reference/api.md.",
    urls_namespace="api",
    auth=[BearerKey(), MemberSession()],
    docs_url=None,  # its page would load scripts from elsewhere
)
install(api)


@api.get("/me", response=Me, tags=["me"], summary="Who am I")
def me(request: HttpRequest) -> Any:
    """The member or key that calls, its workspace and what it may."""
    actor = conversations.actor_of(request)
    workspace = workspace_of(actor.workspace_id)
    return {
        "kind": actor.kind.value,
        "id": actor.id,
        "name": actor.name,
        "workspace": workspace.slug,
        "workspace_name": workspace.name,
        "permissions": sorted(actor.permissions),
    }


api.add_router("/conversations", conversations.router)
api.add_router("/customers", customers.router)
api.add_router("/metrics", metrics.router)

urlpatterns: list[URLPattern | URLResolver] = [path("", api.urls)]
