"""Builds of the city's picture: exactly what went in, and the released tables that came out."""

from __future__ import annotations

from django.db import models


class PictureBuild(models.Model):
    """One build of the picture, named by the digest of everything that went into it."""

    digest = models.CharField(max_length=64, unique=True)
    built_at = models.DateTimeField()
    first_month = models.DateField(null=True, blank=True)
    last_month = models.DateField(null=True, blank=True)
    returns = models.PositiveIntegerField(default=0)
    restated = models.JSONField(default=list, help_text="months whose figures changed since the build before, ISO dates")
    summary = models.JSONField(default=dict)
    current = models.BooleanField(default=False)

    class Meta:
        ordering = ("-built_at", "-id")
        constraints = [models.UniqueConstraint(fields=["current"], condition=models.Q(current=True), name="one_current_picture")]

    def __str__(self) -> str:
        return f"picture {self.digest[:12]}"


class PictureInput(models.Model):
    """The snapshots of one partner, format and month that a build was made from."""

    build = models.ForeignKey(PictureBuild, on_delete=models.CASCADE, related_name="inputs")
    partner_code = models.CharField(max_length=20)
    format = models.CharField(max_length=40)
    month = models.DateField()
    digest = models.CharField(max_length=130, help_text="assignments and posts digests, joined by a colon")

    class Meta:
        indexes = [models.Index(fields=["build", "month"])]

    def __str__(self) -> str:
        return f"{self.partner_code} {self.format} {self.month:%Y-%m}"


class ReleasedTable(models.Model):
    """One table of a build as one profile may see it: Parquet below the pictures folder."""

    build = models.ForeignKey(PictureBuild, on_delete=models.CASCADE, related_name="tables")
    profile = models.CharField(max_length=20)
    name = models.CharField(max_length=60)
    path = models.CharField(max_length=300)
    rows = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["build", "profile", "name"], name="one_table_a_build_and_profile")]

    def __str__(self) -> str:
        return f"{self.name} for {self.profile}"
