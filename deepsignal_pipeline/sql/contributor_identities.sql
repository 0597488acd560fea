-- Which aliases are one person, and which are automation or nobody.
--
-- Grain: alias. The rules are plain Python (domain/identity.py, domain/automation.py): aliases are one person if their
-- cleaned addresses are equal or their GitHub no-reply addresses carry the same numeric id. No address is kept here.
SELECT
  alias_id,
  contributor_id,
  kind,
  evidence
FROM resolved_aliases
