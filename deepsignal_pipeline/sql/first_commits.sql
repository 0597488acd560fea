-- When each person first committed to each category, and to the catalogue.
--
-- Grain: contributor x category. People only; commits of a counted kind, from the whole history (contributor_aliases):
-- first dates know no future, so every quarter may use them. The table is made once with the identities, in the order of
-- the dates, so that who is new in a quarter is found without reading the history before it.
WITH firsts AS (
  SELECT i.contributor_id, t.category, min(a.first_owned_at) AS first_owned_at
  FROM contributor_aliases AS a
  JOIN contributor_identities AS i ON i.alias_id = a.alias_id
  JOIN tracked_repositories AS t ON t.repository = a.repository
  WHERE i.kind = 'human' AND a.first_owned_at IS NOT NULL
  GROUP BY i.contributor_id, t.category
)

SELECT
  contributor_id,
  category,
  first_owned_at,
  min(first_owned_at) OVER (PARTITION BY contributor_id) AS first_in_catalogue_at
FROM firsts
