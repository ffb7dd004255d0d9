from django.urls import path

from rapport.web.customers import views

urlpatterns = [
    path("customers/", views.customers, name="customers"),
    path("customers/<uuid:customer_id>/", views.customer, name="customer"),
    path("customers/<uuid:customer_id>/timeline/", views.timeline, name="customer_timeline"),
    path("customers/<uuid:customer_id>/details/", views.details, name="customer_details"),
]
