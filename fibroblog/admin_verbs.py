"""The base of every admin page that changes something public: it saves and deletes through verbs only."""

from collections.abc import Callable
from typing import Any, ClassVar, TypeVar

from django.contrib import admin
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest

M = TypeVar("M", bound=models.Model)


class VerbInline:
    """Mixed into an inline: its rows are stored and deleted by verbs of their own, or all by one (`store`)."""

    logs_who: ClassVar[bool] = False

    save_verb: ClassVar[Callable[..., Any]]
    delete_verb: ClassVar[Callable[..., None]]

    @classmethod
    def store(cls, parent: Any, *, saved: list[Any], removed: list[Any], **who: Any) -> None:
        """``parent`` is the object on whose page the rows stand."""
        if removed:
            cls.delete_verb(removed, **who)
        for row in saved:
            cls.save_verb(row, **who)


class VerbAdmin(admin.ModelAdmin[M]):
    """``save_verb`` stores one object, ``delete_verb`` deletes several; both move the page stamps.

    Where the verbs write into the moderation log, they are told who it was.
    """

    logs_who: ClassVar[bool] = False

    save_verb: ClassVar[Callable[..., Any]]
    delete_verb: ClassVar[Callable[..., None]]

    def save_model(self, request: HttpRequest, obj: M, form: Any, change: bool) -> None:
        type(self).save_verb(obj, **self._who(request))

    def delete_model(self, request: HttpRequest, obj: M) -> None:
        type(self).delete_verb([obj], **self._who(request))

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[M]) -> None:
        type(self).delete_verb(queryset, **self._who(request))

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        inline: Any = next(inline for inline in self.inlines if inline.model is formset.model)
        rows = formset.save(commit=False)
        who = {"by": request.user} if inline.logs_who else {}
        inline.store(form.instance, saved=rows, removed=formset.deleted_objects, **who)

    def _who(self, request: HttpRequest) -> dict[str, Any]:
        return {"by": request.user} if self.logs_who else {}
