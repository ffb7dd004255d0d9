from django.db import migrations

from rapport.kernel.scoping import same_workspace


class Migration(migrations.Migration):
    dependencies = [("customers", "0001_initial")]
    operations = [
        same_workspace("customers_binding", "identity_id", "customers_identity"),
        same_workspace("customers_binding", "customer_id", "customers_customer"),
        same_workspace("customers_merge", "gone_id", "customers_customer"),
        same_workspace("customers_merge", "into_id", "customers_customer"),
    ]
