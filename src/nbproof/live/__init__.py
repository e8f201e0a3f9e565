"""An extra: the library in a reader's browser. Nothing else imports it."""
