-- The public keys that ID tokens are verified with, left by whoever fetched them for the other programs: a function that starts reads them here,
-- where it connects to anyway, instead of asking Google (docs/adr/0032-shared-keys.md).
CREATE TABLE signing_keys (
    issuer      text        NOT NULL,
    -- By the id that a token names: SubjectPublicKeyInfo, DER in base64.
    keys        jsonb       NOT NULL,
    fresh_until timestamptz NOT NULL,
    CONSTRAINT signing_keys_pk PRIMARY KEY (issuer)
);
