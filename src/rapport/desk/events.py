"""Kinds of events that the desk records. The subject is always the conversation."""

from rapport.kernel.log import declare

CONVERSATION_OPENED = declare("conversation.opened", "A customer's matter began.")
MESSAGE_RECEIVED = declare("message.received", "A customer wrote to us.")
MESSAGE_SENT = declare("message.sent", "We wrote to a customer.")
MESSAGE_DELIVERED = declare("message.delivered", "The state of a message's delivery moved on.")
NOTE_WRITTEN = declare("note.written", "A member left a private note.")
CONVERSATION_ASSIGNED = declare("conversation.assigned", "A conversation was given to a member or a team.")
CONVERSATION_RESOLVED = declare("conversation.resolved", "A matter was settled.")
CONVERSATION_REOPENED = declare("conversation.reopened", "A settled matter came up again.")
CONVERSATION_SNOOZED = declare("conversation.snoozed", "A conversation was put aside until a time.")
CONVERSATION_WOKEN = declare("conversation.woken", "A snoozed conversation came back.")
CONVERSATION_READ = declare("conversation.read", "A member looked at a conversation.")
PROMISE_MADE = declare("promise.made", "A customer was told to expect something by a time.")
PROMISE_KEPT = declare("promise.kept", "What was promised happened in time.")
PROMISE_BROKEN = declare("promise.broken", "The time passed without what was promised.")
PROMISE_WAIVED = declare("promise.waived", "The matter was settled before what was promised fell due.")
CHANNEL_ACCOUNT_CREATED = declare(
    "channel_account.created", "A way in for customers was set up.", audited=True
)
CHANNEL_ACCOUNT_CHANGED = declare(
    "channel_account.changed", "A way in for customers was changed.", audited=True
)
POLICY_CHANGED = declare("policy.changed", "What customers are told to expect was changed.", audited=True)
