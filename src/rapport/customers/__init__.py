"""Who we serve: customers, the identities by which we recognise them, and the map between the two."""
