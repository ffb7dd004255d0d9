"""Mounted at ``/widget/``."""

from django.urls import path

from rapport.widget import api, assets, form, pages, shop

app_name = "widget"

urlpatterns = [
    path("loader.js", assets.loader, name="loader"),
    path("assets/<str:name>", assets.versioned, name="asset"),
    path("chat", pages.chat, name="chat"),
    path("form/<str:key>", form.form, name="form"),
    path("api/sites/<str:key>", api.site, name="api-site"),
    path("api/sessions", api.sessions, name="api-sessions"),
    path("api/messages", api.messages, name="api-messages"),
    path("api/receipts", api.receipts, name="api-receipts"),
    path("api/typing", api.typing, name="api-typing"),
    path("api/answers", api.answers, name="api-answers"),
    path("shop", shop.shop, name="shop"),
    path("shop/identity", shop.identity, name="shop-identity"),
]
