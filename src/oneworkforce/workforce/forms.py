"""Forms of the workforce room."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone

from oneworkforce.partners import permissions as partner_permissions
from oneworkforce.partners import queries as partners
from oneworkforce.vocabulary import code_list
from oneworkforce.workforce import permissions
from oneworkforce.workforce.core.specification import format_list
from oneworkforce.workforce.models import SendingAgreement
from oneworkforce.workforce.queries.calendar import later

MONTHS_BACK = 36


class SeveralFiles(forms.FileInput):
    """A field for several files at once."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """The files that were chosen, as a list."""

    widget = SeveralFiles

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        """Every file, the empty ones too: an action says what is wrong with them in its own words."""
        return list(data) if isinstance(data, list | tuple) else [data] if data else []


class Send(forms.Form):
    """A return to send: which files, of whom, for which month."""

    partner = forms.ChoiceField(label="Which partner is it about?")
    month = forms.ChoiceField(
        label="Which month is it for?", help_text="The month that the rows are about, not the month in which you send it."
    )
    format = forms.ChoiceField(label="Format", required=False, help_text="Leave it to us unless a file was not recognised.")
    correction = forms.BooleanField(
        label="It corrects a return that was already accepted", required=False, help_text="The earlier one stays in the history."
    )
    files = FilesField(  # type: ignore[assignment]  # a form's own `files` is the upload it was given; its field has the same name in the page
        label="Files",
        required=False,
        help_text="CSV, Excel (.xlsx) or Parquet, as your system makes them. Several files of one return can be sent together.",
        widget=SeveralFiles(attrs={"accept": ".csv,.txt,.tsv,.xlsx,.parquet"}),
    )

    def __init__(self, *args: Any, person: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = partner_choices(person)
        self.fields["partner"].choices = chosen if len(chosen) == 1 else [("", "Choose a partner"), *chosen]  # type: ignore[attr-defined]
        self.fields["month"].choices = month_choices()  # type: ignore[attr-defined]
        self.fields["format"].choices = [("", "Recognise it from the headers"), *format_choices()]  # type: ignore[attr-defined]

    def clean_month(self) -> date:
        """The first day of the month."""
        return date.fromisoformat(self.cleaned_data["month"] + "-01")


class Nil(forms.Form):
    """That there is nothing to report."""

    partner = forms.ChoiceField(label="Partner")
    month = forms.ChoiceField(label="Month")
    format = forms.ChoiceField(label="Format")

    def __init__(self, *args: Any, person: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["partner"].choices = partner_choices(person)  # type: ignore[attr-defined]
        self.fields["month"].choices = month_choices()  # type: ignore[attr-defined]
        self.fields["format"].choices = format_choices()  # type: ignore[attr-defined]

    def clean_month(self) -> date:
        """The first day of the month."""
        return date.fromisoformat(self.cleaned_data["month"] + "-01")


class Accept(forms.Form):
    """The answer to the warnings, and that the movement is right."""

    answer = forms.CharField(
        label="Why are the warnings right?",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="One answer for all of them is enough.",
    )
    movement_confirmed = forms.BooleanField(label="The movement since the last return is right", required=False)


class SendBack(forms.Form):
    """Why a return is sent back."""

    reason = forms.CharField(label="What must be corrected?", required=False, widget=forms.Textarea(attrs={"rows": 3}))


class Find(forms.Form):
    """Which returns to show."""

    search = forms.CharField(label="Partner", required=False)
    state = forms.ChoiceField(label="How it stands", required=False)
    format = forms.ChoiceField(label="Format", required=False)
    month = forms.ChoiceField(label="Month", required=False)

    def __init__(self, *args: Any, states: tuple[str, ...], months: tuple[date, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["state"].choices = [("", "Any"), *((state, state.capitalize()) for state in states)]  # type: ignore[attr-defined]
        self.fields["format"].choices = [("", "Any"), *format_choices()]  # type: ignore[attr-defined]
        self.fields["month"].choices = [("", "Any"), *((f"{month:%Y-%m}", f"{month:%B %Y}") for month in months)]  # type: ignore[attr-defined]

    def clean_month(self) -> date | None:
        """The first day of the month, None for any."""
        return date.fromisoformat(self.cleaned_data["month"] + "-01") if self.cleaned_data["month"] else None


class Calendar(forms.Form):
    """Which part of the calendar to show."""

    search = forms.CharField(label="Partner", required=False)
    sector = forms.ChoiceField(label="Sector", required=False)
    only = forms.ChoiceField(label="Show", required=False, choices=[("", "Everyone"), ("missing", "Only those with a return missing")])
    until = forms.ChoiceField(label="Twelve months to", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sector"].choices = [("", "Every sector"), *code_list("sectors").labels.items()]  # type: ignore[attr-defined]
        self.fields["until"].choices = month_choices()  # type: ignore[attr-defined]


class Resolve(forms.Form):
    """What an unknown value means."""

    code = forms.ChoiceField(label="It means")

    def __init__(self, *args: Any, list_name: str, what: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].label = f"“{what}” means"
        self.fields["code"].choices = [("", "Choose from the shared list"), *code_list(list_name).labels.items()]  # type: ignore[attr-defined]


class Owes(forms.Form):
    """How often a partner sends a format."""

    partner = forms.ChoiceField(label="Partner")
    format = forms.ChoiceField(label="Format")
    interval_months = forms.IntegerField(label="Every how many months", min_value=1, max_value=12, initial=1)
    due_day = forms.IntegerField(label="Due on this day of the following month", min_value=1, max_value=28, initial=15)
    first_month = forms.ChoiceField(label="First month")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["partner"].choices = [(partner.code, partner.name) for partner in partners.partners() if partner.sector]  # type: ignore[attr-defined]
        self.fields["format"].choices = format_choices()  # type: ignore[attr-defined]
        self.fields["first_month"].choices = month_choices()  # type: ignore[attr-defined]

    def clean_first_month(self) -> date:
        """The first day of the month."""
        return date.fromisoformat(self.cleaned_data["first_month"] + "-01")


def partner_choices(person: Any) -> list[tuple[str, str]]:
    """The partners for which the person may send."""
    if permissions.can_run_city(person):
        return [(partner.code, partner.name) for partner in partners.partners() if partner.sector]
    own = [code for code in partner_permissions.roles_of(person) if partner_permissions.can(person, "send", code)]
    agreed = SendingAgreement.objects.filter(sender__code__in=own, ended_at=None).values_list("partner__code", flat=True)
    return [(partner.code, partner.name) for partner in partners.partners(codes=[*own, *agreed])]


def format_choices() -> list[tuple[str, str]]:
    """The formats that partners send."""
    return [(entry.format, entry.label) for entry in format_list() if entry.kind != "published"]


def month_choices() -> list[tuple[str, str]]:
    """This month and those before it, the last whole month first."""
    this = timezone.localdate().replace(day=1)
    months = [later(this, -back) for back in range(1, MONTHS_BACK + 1)]
    return [(f"{month:%Y-%m}", f"{month:%B %Y}") for month in (*months[:1], this, *months[1:])]
