"""Kinds of events that customers records."""

from rapport.kernel.log import declare

CUSTOMER_MET = declare("customer.met", "We met somebody under an identity we had not seen before.")
CUSTOMER_DESCRIBED = declare("customer.described", "Name, language or another detail of a customer changed.")
IDENTITY_ADDED = declare("identity.added", "A further way to recognise a customer became known.")
IDENTITY_BOUND = declare(
    "identity.bound", "An identity was found to belong to another customer from then on."
)
CUSTOMER_MERGED = declare("customer.merged", "Two customers turned out to be one.", audited=True)
