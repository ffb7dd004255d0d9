from rapport.accounts.permissions import declare

SEE_CONVERSATIONS = declare(
    "conversations.see", "Read conversations.", roles=("lead", "agent", "analyst", "viewer")
)
REPLY = declare("conversations.reply", "Answer customers and write notes.", roles=("lead", "agent"))
TRIAGE = declare("conversations.triage", "Assign, resolve, reopen and snooze.", roles=("lead", "agent"))
MANAGE_CHANNELS = declare("channels.manage", "Set up ways in for customers.")
EXPORT_CONVERSATIONS = declare("conversations.export", "Take conversations out as files.", roles=("analyst",))
