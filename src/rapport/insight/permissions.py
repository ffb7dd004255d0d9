from rapport.accounts.permissions import declare

SEE_METRICS = declare(
    "metrics.see", "See Pulse and all measures.", roles=("lead", "agent", "analyst", "viewer")
)
