"""Doors for people who are not signed in yet."""

from django.urls import path

from rapport.web.signin import views

urlpatterns = [
    path("welcome/<str:secret>/", views.welcome, name="welcome"),
    path("invitation/<str:secret>/", views.invitation, name="invitation"),
]
