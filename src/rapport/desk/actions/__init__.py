"""Every write of the desk. Each takes the actor first, runs in one transaction and records events."""

from rapport.desk.actions.accounts import (
    change_channel_account,
    create_channel_account,
    set_first_reply_policy,
)
from rapport.desk.actions.conversations import (
    assign,
    mark_read,
    reopen,
    resolve,
    snooze,
    wake_due,
)
from rapport.desk.actions.deliveries import advance_delivery, collected_by_customer, deliver
from rapport.desk.actions.messages import (
    CannotReply,
    KeyTaken,
    Received,
    StaleReply,
    log_conversation,
    receive_message,
    reply,
    write_note,
)
from rapport.desk.actions.promises import break_overdue
from rapport.desk.actions.thread import BadChange, NoSuchConversation

__all__ = [
    "BadChange",
    "CannotReply",
    "KeyTaken",
    "NoSuchConversation",
    "Received",
    "StaleReply",
    "advance_delivery",
    "assign",
    "break_overdue",
    "change_channel_account",
    "collected_by_customer",
    "create_channel_account",
    "deliver",
    "log_conversation",
    "mark_read",
    "receive_message",
    "reopen",
    "reply",
    "resolve",
    "set_first_reply_policy",
    "snooze",
    "wake_due",
    "write_note",
]
