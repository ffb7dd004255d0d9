from rapport.accounts.permissions import declare

SEE_CUSTOMERS = declare(
    "customers.see", "See customers and their timeline.", roles=("lead", "agent", "analyst", "viewer")
)
EDIT_CUSTOMERS = declare("customers.edit", "Change details of customers.", roles=("lead", "agent"))
EXPORT_CUSTOMERS = declare("customers.export", "Take customers out as files.", roles=("analyst",))
