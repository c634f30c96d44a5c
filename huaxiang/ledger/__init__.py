"""The ledger of traits: asserted, verified, merged into a profile; append-only, one hash chain a customer."""
