"""Kinds of events that chat records."""

from rapport.kernel.log import declare

SITE_CHANGED = declare(
    "chat_site.changed", "How a chat site looks or whom it lets in was changed.", audited=True
)
SECRET_ROTATED = declare(
    "chat_site.secret_rotated", "A chat site was given a new secret for signed identities.", audited=True
)
VISITOR_SIGNED_IN = declare("visitor.signed_in", "A chat visitor was recognised by a signed identity.")
