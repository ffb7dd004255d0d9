from django.urls import path
from rapport.web import views

app_name = "settings"
urlpatterns = [path("", views.workspace, name="home"), path("account/", views.workspace, name="account")]
