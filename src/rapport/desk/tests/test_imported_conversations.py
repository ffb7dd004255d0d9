"""An imported conversation has no way back; a reply says so instead of vanishing."""

from __future__ import annotations

from pathlib import Path

import pytest

from conftest import Person
from rapport.accounts.models import Brand
from rapport.desk.actions import CannotReply, reply
from rapport.desk.importing.accounts import account_of
from rapport.desk.importing.messages import MessageReader
from rapport.desk.importing.run import bring_in_conversations
from rapport.desk.importing.writing import ConversationWriter
from rapport.desk.models import ChannelAccount, Conversation, Delivery
from rapport.kernel.actors import system
from rapport.timeline.importing.files import Row
from rapport.timeline.importing.mapping import CONVERSATIONS, guess
from rapport.timeline.importing.report import Refusals, Report
from rapport.timeline.importing.values import Reading

pytestmark = pytest.mark.django_db


def test_a_reply_is_refused_and_nothing_is_written(otieno: Person, tmp_path: Path) -> None:
    from zoneinfo import ZoneInfo

    actor = system(otieno.workspace.pk)
    brand = Brand.objects.within(actor).get()
    account = account_of(actor, source="old", brand_id=brand.pk, workspace_slug=otieno.workspace.slug)
    again = account_of(actor, source="old", brand_id=brand.pk, workspace_slug=otieno.workspace.slug)
    assert again.pk == account.pk == ChannelAccount.objects.within(actor).get(kind="import").pk
    rows = [Row(2, {"ticket": "T1", "at": "2024-05-01", "email": "ali@example.com", "text": "Hello"})]
    mapping = guess(CONVERSATIONS, rows, columns=rows[0].values, given={}, constants={})
    reading = Reading(zone=ZoneInfo("UTC"), currency="KES", region="KE")
    report = Report()
    with Refusals(report, None) as refusals:
        bring_in_conversations(
            rows,
            reader=MessageReader(mapping=mapping, reading=reading, source="old", activities=None),
            write=ConversationWriter(actor, source="old", account=account, report=report).write,
            report=report,
            refusals=refusals,
            progress=lambda *_: None,
            folder=tmp_path,
        )
    conversation = Conversation.objects.within(actor).get()
    before = Conversation.objects.within(actor).values().get()
    with pytest.raises(CannotReply, match="write to the customer another way"):
        reply(otieno.actor, conversation.pk, text="Hello Ali")
    assert Conversation.objects.within(actor).values().get() == before
    assert not Delivery.objects.within(actor).exists()
