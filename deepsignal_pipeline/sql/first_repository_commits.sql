-- When each person first committed to each repository.
--
-- Grain: contributor x repository. As first_commits, of which a person's first one in a category is the earliest here:
-- a table of its own, since only repositories ask for it and it has more rows.
SELECT i.contributor_id, a.repository, min(a.first_owned_at) AS first_owned_at
FROM contributor_aliases AS a
JOIN contributor_identities AS i ON i.alias_id = a.alias_id
WHERE i.kind = 'human' AND a.first_owned_at IS NOT NULL
GROUP BY i.contributor_id, a.repository
