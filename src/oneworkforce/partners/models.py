"""The tables of organisations, their sites, their members, invitations to join, and who succeeded whom."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from oneworkforce.partners.core.roles import ROLES
from oneworkforce.vocabulary import code_list


class Organisation(models.Model):
    """A partner in the city's workforce: one that sends returns, or the city team itself (kind "city_team")."""

    code = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=200)
    sector = models.CharField(max_length=40, db_index=True, help_text="a code of the vocabulary's sectors; blank for the city team")
    kind = models.CharField(max_length=40, blank=True)
    size_band = models.CharField(max_length=20, blank=True)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="parts")
    opened = models.DateField(null=True, blank=True)
    closed = models.DateField(null=True, blank=True)
    is_synthetic = models.BooleanField(default=False)

    class Meta:
        ordering = ("name",)
        constraints = [
            models.CheckConstraint(
                condition=Q(closed__isnull=True) | Q(opened__isnull=True) | Q(closed__gte=F("opened")), name="closed_after_opened"
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def sector_label(self) -> str:
        """The sector in words."""
        return code_list("sectors").labels.get(self.sector, "City team" if self.kind == "city_team" else self.sector)


class Site(models.Model):
    """A place where an organisation's people work."""

    code = models.CharField(max_length=30, unique=True)
    name = models.CharField(max_length=200)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="sites")
    postcode = models.CharField(max_length=8, blank=True)
    lsoa21 = models.CharField(max_length=9, blank=True)

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """A person belongs to an organisation in one role."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships")
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=20, choices=[(role.code, role.label) for role in ROLES.values()])
    since = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("organisation__name",)
        constraints = [models.UniqueConstraint(fields=["person", "organisation"], name="one_role_a_person_and_organisation")]

    def __str__(self) -> str:
        return f"{self.person} · {self.organisation} · {self.role}"


class Invitation(models.Model):
    """An invitation by e-mail to join an organisation. Only the token's digest is kept, so the table opens no door."""

    email = models.EmailField()
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="invitations")
    role = models.CharField(max_length=20, choices=[(role.code, role.label) for role in ROLES.values()])
    token_digest = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    sent = models.DateTimeField(auto_now_add=True)
    expires = models.DateTimeField()
    accepted = models.DateTimeField(null=True, blank=True)
    withdrawn = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-sent",)

    def __str__(self) -> str:
        return f"{self.email} to {self.organisation}"


class Succession(models.Model):
    """From this date the successor stands where the predecessor stood, in whole or in part; its people did not leave."""

    KINDS = {"merger": "Merger", "tupe": "Transfer of staff (TUPE)", "network_change": "Change of network", "rename": "New name or code"}

    predecessor = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="succeeded_by")
    successor = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="succeeds")
    date = models.DateField()
    kind = models.CharField(max_length=20, choices=list(KINDS.items()))

    class Meta:
        ordering = ("-date",)
        constraints = [
            models.UniqueConstraint(fields=["predecessor", "successor", "date"], name="one_succession_a_day"),
            models.CheckConstraint(condition=~Q(predecessor=F("successor")), name="nobody_succeeds_themselves"),
        ]

    def __str__(self) -> str:
        return f"{self.predecessor} → {self.successor} ({self.date})"
