"""The inbox as the server makes it: what stands where, how many statements it costs, what it refuses."""

from __future__ import annotations

import json

import pytest

from rapport.desk.models import Conversation, Entry

pytestmark = pytest.mark.django_db


def _url(duka, path: str) -> str:
    return f"/w/{duka.slug}/{path}"


def test_the_longest_waiting_comes_first(duka, otieno, talk):
    talk("Kamau", "second", minutes_ago=5)
    talk("Achieng", "first", minutes_ago=50)
    page = otieno.client.get(_url(duka, "inbox/")).content.decode()
    assert page.index("Achieng") < page.index("Kamau")


def test_a_list_of_fifty_costs_six_statements(duka, otieno, talk, django_assert_num_queries):
    for index in range(55):
        talk(f"Customer {index}", "hello")
    otieno.client.get(_url(duka, "inbox/"))
    with django_assert_num_queries(6):  # session, sign-in, seat, where the log stands, list, counts
        page = otieno.client.get(_url(duka, "inbox/")).content.decode()
    assert page.count('class="row row-unread"') == 50
    assert "rows-more" in page


def test_a_conversation_costs_as_much_however_long_it_is(duka, otieno, talk, django_assert_max_num_queries):
    first = talk("Achieng", "one")
    otieno.client.get(_url(duka, "inbox/"))
    with django_assert_max_num_queries(23) as short:
        otieno.client.get(_url(duka, "conversations/1/"))
    for index in range(60):
        talk("Achieng", f"more {index}")
    with django_assert_max_num_queries(len(short)):
        page = otieno.client.get(_url(duka, "conversations/1/")).content.decode()
    assert page.count('class="entry ') == 61
    assert first.conversation_id is not None


def test_live_fragments_are_cheap(duka, otieno, talk, django_assert_num_queries):
    talk("Achieng", "one")
    fragment = {"HX-Request": "true"}
    otieno.client.get(_url(duka, "inbox/counts/"), headers=fragment)
    with django_assert_num_queries(4):  # session, sign-in, seat, row
        otieno.client.get(_url(duka, "inbox/rows/1/"), headers=fragment)
    with django_assert_num_queries(4):
        otieno.client.get(_url(duka, "inbox/counts/"), headers=fragment)


def test_a_line_that_left_the_view_is_empty(duka, otieno, talk):
    talk("Achieng", "one")
    assert otieno.client.get(_url(duka, "inbox/rows/1/?tab=open")).status_code == 200
    assert otieno.client.get(_url(duka, "inbox/rows/1/?tab=resolved")).status_code == 204
    assert otieno.client.get(_url(duka, "inbox/rows/1/?view=mine")).status_code == 204
    assert otieno.client.get(_url(duka, "inbox/rows/99/")).status_code == 204


def test_a_reply_is_sent_once_and_a_second_copy_is_the_same(duka, otieno, talk):
    talk("Achieng", "Habari")
    for _ in range(2):
        answer = otieno.client.post(
            _url(duka, "conversations/1/replies/"),
            {"text": "Nzuri", "key": "one-and-the-same", "seen_seq": "1"},
            headers={"Accept": "application/json"},
        )
        assert answer.status_code == 200
    assert Entry.objects.within(duka).filter(direction="out").count() == 1
    assert Conversation.objects.within(duka).get().status == "waiting"


def test_a_plain_form_goes_back_to_the_conversation(duka, otieno, talk):
    talk("Achieng", "Habari")
    answer = otieno.client.post(_url(duka, "conversations/1/replies/"), {"text": "Nzuri"})
    assert (answer.status_code, answer["Location"]) == (302, _url(duka, "conversations/1/"))


def test_a_reply_to_something_not_read_yet_is_held(duka, otieno, talk):
    talk("Achieng", "Habari")
    talk("Achieng", "Never mind")
    answer = otieno.client.post(_url(duka, "conversations/1/replies/"), {"text": "Yes", "seen_seq": "1"})
    assert (answer.status_code, json.loads(answer.content)["code"]) == (409, "stale")
    assert not Entry.objects.within(duka).filter(direction="out").exists()
    anyway = {"text": "Yes", "seen_seq": "1", "anyway": "1"}
    otieno.client.post(_url(duka, "conversations/1/replies/"), anyway)
    assert Entry.objects.within(duka).filter(direction="out").count() == 1


@pytest.mark.parametrize("text", ["", "   ", "x" * 10_001, "bell\x07"])
def test_words_that_cannot_be_sent_are_refused_in_words(duka, otieno, talk, text):
    talk("Achieng", "Habari")
    answer = otieno.client.post(_url(duka, "conversations/1/replies/"), {"text": text})
    assert answer.status_code == 422
    assert json.loads(answer.content)["message"]
    assert Entry.objects.within(duka).count() == 1


@pytest.mark.parametrize(
    ("path", "values"),
    [
        ("replies/", {"text": "hi"}),
        ("notes/", {"text": "hi"}),
        ("assignment/", {"member": "me"}),
        ("closure/", {}),
        ("snooze/", {"until": "in 2 h"}),
    ],
)
def test_who_only_looks_changes_nothing(duka, viewer, talk, path, values):
    talk("Achieng", "Habari")
    before = Conversation.objects.within(duka).values().get()
    assert viewer.client.post(_url(duka, f"conversations/1/{path}"), values).status_code == 403
    assert Conversation.objects.within(duka).values().get() == before
    assert Entry.objects.within(duka).count() == 1


@pytest.mark.parametrize("path", ["", "thread/", "context/"])
def test_a_stranger_finds_nothing(duka, baraka, talk, path):
    talk("Achieng", "Habari")
    assert baraka.client.get(_url(duka, f"conversations/1/{path}")).status_code == 404


def test_a_number_of_another_workspace_is_nobody_here(duka, baraka, talk):
    talk("Achieng", "Habari")
    own = f"/w/{baraka.workspace.slug}/conversations/1/"
    assert baraka.client.get(own).status_code == 404
    assert baraka.client.post(f"{own}replies/", {"text": "hi"}).status_code == 404
    assert Entry.objects.within(duka).count() == 1


def test_customers_words_cannot_bring_markup(duka, otieno, talk):
    talk("<b>Bad</b>", "<script>alert(1)</script> javascript:alert(1) https://ok.example")
    page = otieno.client.get(_url(duka, "conversations/1/")).content.decode()
    assert "<script>alert" not in page
    assert "<b>Bad" not in page
    assert 'href="javascript' not in page
    assert 'href="https://ok.example"' in page


def test_snoozing_understands_words_and_refuses_the_past(duka, otieno, talk):
    talk("Achieng", "Habari")
    url = _url(duka, "conversations/1/snooze/")
    json_please = {"Accept": "application/json"}
    assert otieno.client.post(url, {"until": "yesterday"}, headers=json_please).status_code == 422
    assert (
        otieno.client.post(url, {"until": "2020-01-01T00:00:00+00:00"}, headers=json_please).status_code
        == 422
    )
    assert Conversation.objects.within(duka).get().status == "open"
    assert otieno.client.post(url, {"until": "in 2 h"}, headers=json_please).status_code == 200
    assert Conversation.objects.within(duka).get().status == "snoozed"


def test_assigning_tells_whom_to_go_back_to(duka, otieno, amina, talk):
    talk("Achieng", "Habari")
    url, json_please = _url(duka, "conversations/1/assignment/"), {"Accept": "application/json"}
    otieno.client.post(url, {"member": "me"}, headers=json_please)
    answer = otieno.client.post(url, {"member": str(amina.member.pk)}, headers=json_please)
    assert json.loads(answer.content)["undo"] == {"member": str(otieno.member.pk)}
    assert Conversation.objects.within(duka).get().assignee_id == amina.member.pk


def test_assigning_to_a_stranger_is_refused(duka, otieno, baraka, talk):
    talk("Achieng", "Habari")
    answer = otieno.client.post(_url(duka, "conversations/1/assignment/"), {"member": str(baraka.member.pk)})
    assert answer.status_code == 422
    assert Conversation.objects.within(duka).get().assignee_id is None


def test_a_phone_call_written_down_takes_notes_but_no_reply(duka, otieno, chat, talk):
    from rapport.desk.actions import log_conversation

    talk("Achieng", "Habari")
    achieng = Conversation.objects.within(duka).get().identity_id
    log_conversation(
        otieno.actor,
        brand_id=chat.brand_id,
        identity_id=achieng,
        channel_kind="phone",
        text="Wants a call back",
    )
    page = otieno.client.get(_url(duka, "conversations/2/")).content.decode()
    assert "Nothing can be sent by Phone from here yet." in page
    answer = otieno.client.post(_url(duka, "conversations/2/replies/"), {"text": "hi"})
    assert (answer.status_code, json.loads(answer.content)["code"]) == (422, "cannot_reply")
    assert Entry.objects.within(duka).filter(direction="out").count() == 0
