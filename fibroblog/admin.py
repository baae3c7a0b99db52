"""Accounts, messages and sign-in devices in the admin."""

from typing import Any

from axes.models import AccessFailureLog, AccessLog
from django import forms
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group, User
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice
from simple_history.admin import SimpleHistoryAdmin

from . import policy, staff, twostep
from .admin_verbs import VerbAdmin
from .models import ContactMessage, Policy


class InvitationForm(forms.ModelForm[User]):
    """A new account needs no password: its owner chooses one by the link in the mail."""

    email = forms.EmailField(help_text="The invitation goes there.")
    groups = forms.ModelMultipleChoiceField(
        Group.objects.all(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Editors write posts, moderators decide on comments. One person can be both.",
    )

    class Meta:
        model = User
        fields = ["username", "email", "first_name", "last_name", "groups"]


class StaffAdmin(UserAdmin[User]):
    add_form = InvitationForm
    add_form_template = "admin/invite.html"
    add_fieldsets = [(None, {"fields": ["username", "email", "first_name", "last_name", "groups"]})]
    list_display = ["username", "email", "is_active", "is_superuser", "last_login"]
    actions = ["invite_again", "take_second_step_away"]

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        if change:
            super().save_model(request, obj, form, change)
        else:
            staff.invite(obj)
            self.message_user(request, f"The invitation to {obj.email} is on its way.", messages.SUCCESS)

    @admin.action(description="Send the invitation again")
    def invite_again(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        fresh = queryset.filter(last_login=None, is_active=True).exclude(email="")
        for user in fresh:
            staff.invite(user)
        self.message_user(
            request, f"Invitations sent: {len(fresh)}. Only who never signed in is invited again."
        )

    @admin.action(description="Take away the second step (phone lost)")
    def take_second_step_away(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        for user in queryset:
            twostep.take_away(user)
        self.message_user(request, "Done. They sign in with the password alone until they set it up again.")


# A colleague's secret key is nobody's business, and our own lists say enough of failed sign-ins.
for model in (TOTPDevice, StaticDevice, AccessLog, AccessFailureLog):
    admin.site.unregister(model)
admin.site.unregister(User)
admin.site.register(User, StaffAdmin)


@admin.register(ContactMessage)
class ContactMessageAdmin(admin.ModelAdmin[ContactMessage]):
    list_display = ["name", "sent_at", "mailed_at"]
    readonly_fields = ["name", "email", "body", "sent_at", "mailed_at"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False


@admin.register(Policy)
class PolicyAdmin(SimpleHistoryAdmin, VerbAdmin[Policy]):
    """One row; each change of it is kept."""

    logs_who = True
    save_verb = policy.change

    def has_add_permission(self, request: HttpRequest) -> bool:
        return super().has_add_permission(request) and not Policy.objects.exists()

    def has_delete_permission(self, request: HttpRequest, obj: Policy | None = None) -> bool:
        return False

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, str] | None = None
    ) -> HttpResponse:
        """There is only one, so no list."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        row = Policy.objects.first()
        return (
            redirect("admin:fibroblog_policy_change", row.pk)
            if row
            else redirect("admin:fibroblog_policy_add")
        )
