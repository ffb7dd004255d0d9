"""Addresses of the members' screens."""

from django.urls import URLPattern, URLResolver, include, path

from rapport.web import views

_in_workspace: list[URLPattern | URLResolver] = [
    path("", views.workspace, name="workspace"),
    path("palette/", views.palette, name="palette"),
    path("", include("rapport.web.inbox.urls")),
    path("", include("rapport.web.customers.urls")),
    path("", include("rapport.web.pulse.urls")),
    path("settings/", include("rapport.web.settings.urls")),
]

urlpatterns = [
    path("", views.home, name="home"),
    path("favicon.ico", views.favicon),
    path("workspaces/", views.workspaces, name="workspaces"),
    path("design/", views.design, name="design"),
    path("w/<slug:slug>/", include(_in_workspace)),
    path("", include("rapport.web.signin.urls")),
]
