"""Kinds of events that come from outside: what shops, apps and people tell us happened."""

from rapport.kernel.log import declare

PAGE_VIEWED = declare("page.viewed", "Somebody looked at a page.")
PRODUCT_VIEWED = declare("product.viewed", "Somebody looked at a product.")
CART_UPDATED = declare("cart.updated", "Something was put into or taken out of a cart.")
CHECKOUT_STARTED = declare("checkout.started", "Somebody began to pay.")
ORDER_PLACED = declare(
    "order.placed", "An order was placed; carries items, amount and the promised delivery date."
)
PAYMENT_SUCCEEDED = declare("payment.succeeded", "A payment went through.")
PAYMENT_FAILED = declare("payment.failed", "A payment did not go through.")
ORDER_SHIPPED = declare("order.shipped", "An order left the store.")
ORDER_DELIVERED = declare("order.delivered", "An order arrived; carries the promised and the real date.")
ORDER_RETURNED = declare("order.returned", "An order came back.")
REFUND_ISSUED = declare("refund.issued", "Money was given back.")
MAIL_OPENED = declare("mail.opened", "A mail of ours was opened.")
ACCOUNT_CLOSED = declare("account.closed", "A customer closed their account: they left.")
ACTIVITY_DONE = declare("activity.done", "A step of an imported process; its name is in the data.")
