from django.urls import path

from rapport.web.inbox import views

urlpatterns = [
    path("inbox/", views.inbox, name="inbox"),
    path("inbox/rows/<int:number>/", views.row, name="inbox_row"),
    path("inbox/counts/", views.counts, name="inbox_counts"),
    path("conversations/<int:number>/", views.conversation, name="conversation"),
    path("conversations/<int:number>/thread/", views.thread, name="thread"),
    path("conversations/<int:number>/context/", views.context, name="context"),
    path("conversations/<int:number>/replies/", views.replies, name="replies"),
    path("conversations/<int:number>/notes/", views.notes, name="notes"),
    path("conversations/<int:number>/assignment/", views.assignment, name="assignment"),
    path("conversations/<int:number>/closure/", views.closure, name="closure"),
    path("conversations/<int:number>/snooze/", views.snooze, name="snooze"),
    path("conversations/<int:number>/reading/", views.reading, name="reading"),
    path("conversations/<int:number>/presence/", views.presence, name="presence"),
]
