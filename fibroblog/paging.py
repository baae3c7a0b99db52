"""The ``?page=`` of an address, read in one way everywhere."""

from django.http import HttpRequest


def page_number(request: HttpRequest) -> int:
    """The page asked for; 0, which no list has, for nonsense."""
    number = request.GET.get("page", "1")
    return int(number) if number.isascii() and number.isdecimal() and len(number) < 8 else 0
