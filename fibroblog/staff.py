"""Inviting staff: an account without a known password, and a mail with the link to choose one."""

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, User
from django.contrib.auth.tokens import default_token_generator
from django.core.mail import EmailMessage
from django.db import transaction
from django.urls import reverse
from django.utils.crypto import get_random_string
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django_tasks import task

from . import limits


@transaction.atomic
def invite(user: User, *, groups: list[Group] | None = None) -> User:
    """Store the (new) account and send the invitation. Its password is random, so only the link opens it."""
    user.is_staff = True
    # Not "unusable": then the ordinary "forgotten password" form works when the invitation ran out.
    user.set_password(get_random_string(64))
    user.save()
    if groups is not None:
        user.groups.set(groups)
    mail_invitation.enqueue(user.pk)
    return user


@task()
def mail_invitation(user_id: int) -> None:
    user = get_user_model().objects.get(pk=user_id)
    uid = urlsafe_base64_encode(force_bytes(user.pk))
    path = reverse("password_reset_confirm", args=[uid, default_token_generator.make_token(user)])
    EmailMessage(
        subject=f"{settings.EMAIL_SUBJECT_PREFIX}You are invited to help",
        body=f"You were invited to help with {settings.SITE_NAME}. Your user name is {user.get_username()}.\n\n"
        f"Choose a password here, within {limits.INVITATION_DAYS} days:\n{settings.SITE_URL}{path}\n\n"
        "You get this because an administrator of the blog entered your address. "
        "If you did not expect it, do nothing: nobody can sign in without this link.\n",
        to=[user.email],
    ).send()
