"""A form's "until and with that day": what somebody picks from a calendar, as the moment when it is over."""

from datetime import datetime, time
from typing import Any

from django import forms
from django.utils import timezone


class LastDayField(forms.DateField):
    """Cleans to the end of the day as the clocks stand here, in the site's time zone; None where it is empty."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    default_error_messages = {"invalid": "Choose a day from the calendar, or type it like 2027-03-31."}

    def to_python(self, value: Any) -> datetime | None:
        day = super().to_python(value)
        return timezone.make_aware(datetime.combine(day, time.max)) if day else None
