"""Where every address leads."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("sign-in/", include("rapport.web.signin.allauth_urls")),
    path("widget/", include("rapport.widget.urls")),
    path("api/v1/", include("rapport.api.urls")),
    path("", include("rapport.web.urls")),
]

handler404 = "rapport.web.errors.not_found"
handler500 = "rapport.web.errors.broken"
handler403 = "rapport.web.errors.refused"
handler400 = "rapport.web.errors.bad_request"
