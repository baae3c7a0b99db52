"""Inviting staff: an account without a known password, and a mail with the link to choose one."""

from django.conf import settings
from django.contrib.auth.forms import PasswordResetForm
from django.contrib.auth.models import User
from django.contrib.auth.tokens import default_token_generator
from django.contrib.auth.views import PasswordResetView
from django.core.mail import EmailMessage
from django.db import transaction
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.crypto import get_random_string
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django_tasks import task

from . import limits, rates
from .visit import network_of


@transaction.atomic
def invite(user: User) -> User:
    """Store the (new) account and send the invitation. Its password is random, so only the link opens it."""
    user.is_staff = True
    # Not "unusable": then the ordinary "forgotten password" form works when the invitation ran out.
    user.set_password(get_random_string(64))
    user.save()
    mail_password_link.enqueue(user.pk, "invited")
    return user


class ForgottenPassword(PasswordResetView):
    """Django's page; the mail is ours: sent by the worker, with our own address, and not without end."""

    def form_valid(self, form: PasswordResetForm) -> HttpResponse:
        if rates.count("password", network_of(self.request)) <= limits.CONTACT_PER_ADDRESS:
            for user in form.get_users(form.cleaned_data["email"]):
                mail_password_link.enqueue(user.pk, "forgotten")
        # The same answer for known, unknown and impatient ones.
        return HttpResponseRedirect(str(self.success_url))


@task()
def mail_password_link(user_id: int, occasion: str) -> None:
    user = User.objects.get(pk=user_id)
    uid = urlsafe_base64_encode(force_bytes(user.pk))
    path = reverse("password_reset_confirm", args=[uid, default_token_generator.make_token(user)])
    what, why = WORDS[occasion]
    EmailMessage(
        subject=f"{settings.EMAIL_SUBJECT_PREFIX}{what}",
        body=f"{what}: {settings.SITE_NAME}. Your user name is {user.get_username()}.\n\n"
        f"Choose a password here, within {limits.INVITATION_DAYS} days:\n{settings.SITE_URL}{path}\n\n{why}\n",
        to=[user.email],
    ).send()


WORDS = {
    "invited": (
        "You are invited to help",
        "You get this because an administrator of the blog entered your address. If you did not expect it, do "
        "nothing: nobody can sign in without this link, and no more mail follows.",
    ),
    "forgotten": (
        "A new password",
        "You get this because somebody entered your address at “Forgotten your password?”. If that was not you, do "
        "nothing: your password stays as it is.",
    ),
}
