-- How far the people of each category work on the same core files, against what chance would give.
--
-- Grain: category, all twelve in every quarter. Core files with at least 2 commits in the quarter: the share of them with at
-- least 2 authors, over the share that would have them if the authors of a repository's commits were permuted. The mean over
-- all permutations is taken exactly: a file of k of a repository's N commits has one author with probability
-- sum over authors of C(n, k) / C(N, k). Files are owned more than chance everywhere, so the ratio is below 1; closer to 1
-- means less owned. Counted commits of people with known paths, 50 at most; unresolved authors are nobody in particular.
WITH files AS (
  SELECT category, repository, path, count(*) AS authors, sum(commits) AS commits
  FROM core_file_authors
  GROUP BY category, repository, path
),

worked_on AS (
  SELECT category, count(*) AS files, count(*) FILTER (WHERE authors >= 2) AS shared_files
  FROM files
  WHERE commits >= 2
  GROUP BY category
),

people AS (
  SELECT a.category, count(DISTINCT a.contributor_id) AS authors
  FROM core_file_authors AS a
  JOIN files AS f ON f.category = a.category AND f.repository = a.repository AND f.path = a.path AND f.commits >= 2
  GROUP BY a.category
)

SELECT
  c.category,
  c.category_order,
  coalesce(w.files, 0) AS core_files,
  coalesce(w.shared_files, 0) AS shared_core_files,
  coalesce(p.authors, 0) AS core_file_authors,
  w.shared_files / w.files AS shared_core_file_share,
  e.expected_files / w.files AS expected_shared_core_file_share,
  w.shared_files / nullif(e.expected_files, 0) AS coordination,
  CASE WHEN w.files IS NULL THEN 'no_core_files' WHEN e.expected_files = 0 THEN 'one_author' END AS null_reason
FROM (SELECT DISTINCT category, category_order FROM tracked_repositories) AS c
LEFT JOIN worked_on AS w ON w.category = c.category
LEFT JOIN people AS p ON p.category = c.category
LEFT JOIN expected_sharing AS e ON e.category = c.category
