"""Who moderates. Whoever asks that of somebody who is not signed in asks here."""

from django.contrib.auth.models import Permission, User
from django.db.models import Q, QuerySet


def moderators() -> QuerySet[User]:
    """Everybody who may decide on comments."""
    may = Permission.objects.filter(codename="moderate_comment", content_type__app_label="comments")
    allowed = Q(groups__permissions__in=may) | Q(user_permissions__in=may) | Q(is_superuser=True)
    return User.objects.filter(allowed, is_staff=True, is_active=True).distinct()


def is_moderator(user: User) -> bool:
    return moderators().filter(pk=user.pk).exists()
