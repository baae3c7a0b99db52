from django.urls import path

from .views import moderation

urlpatterns = [
    path("queue/", moderation.queue, name="queue"),
    path("queue/several/", moderation.several, name="queue-several"),
    path("queue/<slug:public_id>/", moderation.card, name="queue-card"),
    path("queue/<slug:public_id>/decide/", moderation.decide, name="queue-decide"),
    path("queue/<slug:public_id>/decline/", moderation.decline, name="queue-decline"),
    path("queue/<slug:public_id>/undo/", moderation.undo, name="queue-undo"),
]
