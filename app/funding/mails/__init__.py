"""The mails of funding, one module a part; the services put them into the outbox."""
