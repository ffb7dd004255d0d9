"""Brands: the names and colours that customers see."""

from __future__ import annotations

import re
import uuid

from django.db import IntegrityError, transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from rapport.accounts import events
from rapport.accounts.actions.inputs import changes, found, name_of
from rapport.accounts.models import Brand
from rapport.accounts.permissions import MANAGE_WORKSPACE
from rapport.accounts.refusals import Refused
from rapport.kernel.actors import Actor
from rapport.kernel.log import record

_COLOUR = re.compile(r"#[0-9a-f]{6}", re.ASCII)
_LONGEST_SLUG = 60


def create_brand(actor: Actor, *, name: str, accent: str) -> Brand:
    """A further face of the company."""
    actor.must(MANAGE_WORKSPACE)
    cleaned, colour = name_of(name, max_chars=120), _colour(accent)
    with transaction.atomic():
        brand = _with_free_slug(actor, cleaned, colour)
        record(
            actor,
            events.BRAND_CREATED,
            subject=("brand", brand.pk),
            data={"name": brand.name, "accent": brand.accent},
        )
    return brand


def change_brand(actor: Actor, brand_id: uuid.UUID, *, name: str, accent: str) -> Brand:
    """Rename or recolour a brand. Its slug stays, so that addresses made from it keep working."""
    actor.must(MANAGE_WORKSPACE)
    after = {"name": name_of(name, max_chars=120), "accent": _colour(accent)}
    with transaction.atomic():
        brand = found(Brand, actor, brand_id, what="brand")
        changed = changes({field: getattr(brand, field) for field in after}, after)
        if changed:
            brand.name, brand.accent = after["name"], after["accent"]
            brand.save(update_fields=["name", "accent"])
            record(
                actor,
                events.BRAND_CHANGED,
                subject=("brand", brand.pk),
                data={"name": brand.name, "changed": changed},
            )
    return brand


def _colour(value: str) -> str:
    colour = value.strip().lower()
    if not _COLOUR.fullmatch(colour):
        raise Refused("bad_colour", _("A colour is written like #0f766e."), field="accent")
    return colour


def _with_free_slug(actor: Actor, name: str, accent: str) -> Brand:
    stem = slugify(name)[: _LONGEST_SLUG - 8].strip("-") or "brand"
    slug, number = stem, 1
    while True:
        try:
            with transaction.atomic():
                return Brand.objects.create(
                    workspace_id=actor.workspace_id, name=name, slug=slug, accent=accent
                )
        except IntegrityError:
            if not Brand.objects.within(actor).filter(slug=slug).exists():
                raise
        number += 1
        slug = f"{stem}-{number}"
