"""What moderators pick from: reasons and saved replies, in the admin. Saved through verbs only."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from fibroblog.admin_verbs import VerbAdmin

from . import reasons
from .models import RefusalReason, SavedReply


@admin.register(RefusalReason)
class RefusalReasonAdmin(VerbAdmin[RefusalReason]):
    """The log points to reasons for ever, so they go out of use and are never deleted."""

    logs_who = True
    save_verb = reasons.save_reason
    list_display = ["label", "sentence", "needs_note", "position", "is_active"]
    fields = ["label", "code", "sentence", "needs_note", "position", "is_active"]
    prepopulated_fields = {"code": ["label"]}

    def get_readonly_fields(self, request: HttpRequest, obj: RefusalReason | None = None) -> list[str]:
        return ["code"] if obj else []

    def get_prepopulated_fields(self, request: HttpRequest, obj: RefusalReason | None = None) -> Any:
        return {} if obj else self.prepopulated_fields

    def has_delete_permission(self, request: HttpRequest, obj: RefusalReason | None = None) -> bool:
        return False


@admin.register(SavedReply)
class SavedReplyAdmin(VerbAdmin[SavedReply]):
    logs_who = True
    save_verb = reasons.save_reply
    delete_verb = reasons.delete_replies
    list_display = ["title", "text", "position"]
