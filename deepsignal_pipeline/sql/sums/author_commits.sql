-- How many commits each author made in each repository: whose authors are permuted.
--
-- Grain: repository x author, the author left out. Counted commits of people with known paths, 50 at most.
SELECT c.repository, count(*) AS commits
FROM counted_commits AS c
JOIN contributor_identities AS i ON i.alias_id = c.alias_id
WHERE c.core_weight IS NOT NULL AND i.kind = 'human'
GROUP BY c.repository, i.contributor_id
ORDER BY c.repository, commits
