-- When each person first committed to each repository, to its category, and to the catalogue.
--
-- Grain: contributor x repository. People only; commits of a counted kind, from the whole history (contributor_aliases):
-- first dates know no future, so every quarter may use them. The table is made once with the identities, in the order of
-- the dates, so that who is new in a quarter is found without reading the history before it.
WITH firsts AS (
  SELECT
    i.contributor_id,
    a.repository,
    t.category,
    min(a.first_owned_at) AS first_owned_at
  FROM contributor_aliases AS a
  JOIN contributor_identities AS i ON i.alias_id = a.alias_id
  JOIN tracked_repositories AS t ON t.repository = a.repository
  WHERE i.kind = 'human' AND a.first_owned_at IS NOT NULL
  GROUP BY i.contributor_id, a.repository, t.category
),

ranked AS (
  SELECT
    *,
    row_number() OVER (PARTITION BY contributor_id, category ORDER BY first_owned_at, repository) AS rank_in_category,
    min(first_owned_at) OVER (PARTITION BY contributor_id) AS first_in_catalogue_at
  FROM firsts
)

SELECT
  contributor_id,
  repository,
  category,
  first_owned_at,
  rank_in_category = 1 AS is_first_in_category,
  first_in_catalogue_at
FROM ranked
