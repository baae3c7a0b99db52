from django.contrib import admin
from django.urls import path

from .views import answers, dashboard, desk, learner, moderation, rest, rule_test, senders, together

urlpatterns = [
    path("dashboard/", dashboard.dashboard, name="dashboard"),
    path("of/<int:article_id>/", admin.site.admin_view(answers.comments_of), name="comments-of"),
    path("answer/<slug:public_id>/", admin.site.admin_view(answers.answer), name="answer-comment"),
    path("rule/test/", rule_test.rule_test_page, name="rule-test"),
    path("learner/", learner.learner_page, name="learner"),
    path("learner/train/", learner.train, name="learner-train"),
    path("learner/export/", learner.export, name="learner-export"),
    path("learner/import/", learner.import_file, name="learner-import"),
    path("learner/reset/", learner.reset, name="learner-reset"),
    path("queue/", moderation.queue, name="queue"),
    path("queue/others/", moderation.others, name="queue-others"),
    path("queue/several/", moderation.several, name="queue-several"),
    path("queue/<slug:public_id>/", moderation.card, name="queue-card"),
    path("queue/<slug:public_id>/decide/", moderation.decide, name="queue-decide"),
    path("queue/<slug:public_id>/decline/", moderation.decline, name="queue-decline"),
    path("queue/<slug:public_id>/stays/", moderation.stays, name="queue-stays"),
    path("queue/<slug:public_id>/care/", desk.assess, name="queue-care"),
    path("queue/<slug:public_id>/mask/", desk.mask, name="queue-mask"),
    path("queue/<slug:public_id>/lock/", desk.lock, name="queue-lock"),
    path("queue/<slug:public_id>/close/", desk.close, name="queue-close"),
    path("queue/<slug:public_id>/stands/", desk.stands, name="queue-stands"),
    path("queue/<slug:public_id>/around/", desk.around, name="queue-around"),
    path("queue/<slug:public_id>/together/", together.together, name="queue-together"),
    path("queue/<slug:public_id>/sender/", senders.sender, name="sender"),
    path("queue/<slug:public_id>/sender/note/", senders.note, name="sender-note"),
    path("pause/", rest.pause, name="pause"),
    path("measures/", senders.in_force, name="measures"),
    path("measures/<int:pk>/end/", senders.end, name="measure-end"),
    path("queue/<slug:public_id>/undo/", moderation.undo, name="queue-undo"),
]
