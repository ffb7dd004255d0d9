from rapport.accounts.permissions import declare

SEE_FEEDBACK = declare(
    "feedback.see", "Read scores and answers.", roles=("lead", "agent", "analyst", "viewer")
)
MANAGE_SURVEYS = declare(
    "surveys.manage", "Set up surveys and when they are asked.", roles=("lead", "analyst")
)
EXPORT_FEEDBACK = declare("feedback.export", "Take answers out as files.", roles=("lead", "analyst"))
