"""The contact form: kept in the database first, then mailed to the administrators by the worker."""

from datetime import timedelta

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, Submit
from django import forms
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.mail import EmailMessage
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods
from django_tasks import task

from articles.models import Page
from comments import help_lines

from . import limits, rates
from .addresses import AddressField, normal
from .guard import no_foreign_forms
from .models import ContactMessage
from .visit import network_of


class ContactForm(forms.Form):
    name = forms.CharField(
        label="Your name or nickname",
        max_length=limits.NAME_MAX_LENGTH,
        error_messages={"required": "Enter your name or a nickname."},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    email = AddressField(
        label="Email (optional)",
        required=False,
        help_text="Only if you would like an answer.",
        error_messages={"invalid": "Enter an email address like name@example.org, or leave it empty."},
    )
    body = forms.CharField(
        label="Your message",
        max_length=limits.COMMENT_MAX_LENGTH,
        error_messages={"required": "Write your message."},
        widget=forms.Textarea(attrs={"rows": 8}),
    )
    website = forms.CharField(
        label="Leave this box empty (it catches robots)",
        required=False,
        max_length=0,
        error_messages={"max_length": "Please leave the box that catches robots empty."},
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.form_id = "contact-form"
        helper.form_action = reverse("contact") + "#error-summary"
        helper.attrs = {"novalidate": ""}
        helper.disable_csrf = True
        helper.layout = Layout("name", "email", "body", "website", Submit("send", "Send message"))
        return helper


@require_http_methods(["GET", "HEAD", "POST"])
@no_foreign_forms
def contact_page(request: HttpRequest) -> HttpResponse:
    form = ContactForm(request.POST if request.method == "POST" else None)
    status = 422 if form.is_bound else 200
    if form.is_valid():
        if rates.count("contact", network_of(request)) <= limits.CONTACT_PER_ADDRESS:
            send(
                name=form.cleaned_data["name"],
                email=form.cleaned_data["email"],
                body=form.cleaned_data["body"],
            )
            if not help_lines.lines_for(request):
                return redirect(reverse("contact") + "?sent=1#sent")
            # Answered at once: a redirect would lose the help lines.
            return render(request, "fibroblog/contact.html", {"form": form, "sent": True})
        form.add_error(
            None,
            "Many messages came from your connection just now. Yours is kept below: wait ten minutes, then send it again.",
        )
        status = 429
    return render(
        request,
        "fibroblog/contact.html",
        {"page": Page.objects.filter(slug="contact").first(), "form": form, "sent": "sent" in request.GET},
        status=status,
    )


@transaction.atomic
def send(*, name: str, email: str, body: str) -> ContactMessage:
    """Keep the message and have the administrators told. The same one again, by a second click, finds the first."""
    email = normal(email)
    lately = timezone.now() - timedelta(hours=1)
    stored = ContactMessage.objects.filter(name=name, email=email, body=body, sent_at__gte=lately).first()
    if stored is not None:
        return stored
    message = ContactMessage.objects.create(name=name, email=email, body=body)
    mail_administrators.enqueue(message.pk)
    return message


def forget(email: str) -> None:
    """The owner of the address wants nothing of theirs to be kept."""
    ContactMessage.objects.filter(email__iexact=normal(email)).delete()


@task()
def mail_administrators(message_id: int) -> int:
    """Mail one message to every active administrator; returns how many were told."""
    message = ContactMessage.objects.filter(pk=message_id, mailed_at=None).first()
    people = get_user_model().objects.filter(is_superuser=True, is_active=True).exclude(email="")
    addresses = [person.email for person in people]
    if message is None or not addresses:
        return 0
    link = settings.SITE_URL + reverse("admin:fibroblog_contactmessage_change", args=[message.pk])
    EmailMessage(
        subject=f"{settings.EMAIL_SUBJECT_PREFIX}A message from the contact form",
        body=f"Somebody wrote to you with the contact form of {settings.SITE_NAME}.\n\nRead it here:\n{link}\n\n"
        "You get this because you are an administrator.\n",
        bcc=addresses,
    ).send()
    ContactMessage.objects.filter(pk=message.pk).update(mailed_at=timezone.now())
    return len(addresses)
