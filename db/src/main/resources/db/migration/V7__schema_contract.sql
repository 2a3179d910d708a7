-- One row: the oldest programs that this schema still serves, by the number of their newest migration. A migration that takes away
-- what they use raises it (docs/adr/0026-schema-contract.md).
CREATE TABLE schema_contract (
    serves_from integer NOT NULL,
    single      boolean NOT NULL DEFAULT true,
    CONSTRAINT schema_contract_pk PRIMARY KEY (single),
    CONSTRAINT schema_contract_one_row CHECK (single)
);
INSERT INTO schema_contract (serves_from) VALUES (5);
