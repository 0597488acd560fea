-- Which aliases are one person, and which are automation or nobody.
--
-- Grain: alias. The rules are plain Python (domain/linking.py, domain/automation.py; docs/identity.md says what each is
-- worth); content/overrides.yaml wins over them. No address is kept here: the verified keys are keyed hashes. The
-- strict reading links by ids, logins and addresses only, the loose one by every full name too; they tell how much a
-- figure depends on the linking.
SELECT
  alias_id,
  contributor_id,
  kind,
  evidence,
  verified_id_key,
  verified_address_key,
  strict_contributor_id,
  loose_contributor_id
FROM resolved_aliases
