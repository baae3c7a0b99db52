from django.contrib import admin
from django.urls import path

from .views import answers, moderation, rule_test

urlpatterns = [
    path("of/<int:article_id>/", admin.site.admin_view(answers.comments_of), name="comments-of"),
    path("answer/<slug:public_id>/", admin.site.admin_view(answers.answer), name="answer-comment"),
    path("rule/test/", rule_test.rule_test_page, name="rule-test"),
    path("queue/", moderation.queue, name="queue"),
    path("queue/several/", moderation.several, name="queue-several"),
    path("queue/<slug:public_id>/", moderation.card, name="queue-card"),
    path("queue/<slug:public_id>/decide/", moderation.decide, name="queue-decide"),
    path("queue/<slug:public_id>/decline/", moderation.decline, name="queue-decline"),
    path("queue/<slug:public_id>/stays/", moderation.stays, name="queue-stays"),
    path("queue/<slug:public_id>/undo/", moderation.undo, name="queue-undo"),
]
