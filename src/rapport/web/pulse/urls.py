from django.urls import path

from rapport.web.pulse import views

urlpatterns = [
    path("pulse/", views.pulse, name="pulse"),
    path("feedback/", views.feedback, name="feedback"),
    path("promises/", views.promises, name="promises"),
]
