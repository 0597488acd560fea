-- Which terms each alias used: words of subjects, names of folders and files that its commits changed.
--
-- Grain: quarter x repository x kind x term x alias. Only counted commits. A subject loses addresses and links, its
-- conventional-commit prefix with the scope (it rises when a project begins to write scopes), labels like [skip_ci] that
-- steer automation, what stands before a slash at its beginning or after "from" or "branch" (the owner of a branch),
-- numbers, hashes, versions and endings of files; a regular plural becomes singular. A path is cut into its folders, except
-- hidden ones, and the file's name without its ending; `test` before or after a name goes. Commits over 50 paths (moves,
-- formatting, drops of foreign code), vendored paths and those of the build leave no terms, except the parts of a build
-- that stand in files of their own (.cmake, .bzl): they are named by what is built. Both kinds lose words that say nothing
-- (domain/focus_words.py) and the repository's own names. An alias has the empty term of a kind too, where anything of that
-- kind is recorded: where a source recorded no paths there is none.
WITH counted AS (
  SELECT r.repository, c.alias_id, r.subject, r.changes
  FROM raw_commits AS r
  JOIN counted_commits AS c ON c.repository = r.repository AND c.sha = r.sha
  WHERE c.is_counted
),

subjects AS (
  SELECT DISTINCT
    repository,
    alias_id,
    regexp_replace(
      regexp_replace(
        regexp_replace(
          regexp_replace(lower(subject), '[^ ]*(://|@)[^ ]*|\[[a-z0-9]+(_[a-z0-9]+)+\]', ' ', 'g'),
          '^(feat|fix|chore|docs?|ci|tests?|refactor|perf|style|build|revert|misc|release)(\([^)]*\))?!?:',
          ' '
        ),
        '(^|from |branch [''"]?)[a-z0-9_.-]+/',
        ' ',
        'g'
      ),
      '[^a-z0-9_.+-]+',
      ' ',
      'g'
    ) AS words
  FROM counted
),

touched AS (
  SELECT DISTINCT repository, alias_id, change.path AS path
  FROM (SELECT repository, alias_id, unnest(changes) AS change FROM counted WHERE array_length(changes) <= 50)
),

paths AS (
  SELECT t.repository, t.alias_id, regexp_replace(lower(t.path), '\.[^./]*$', '') AS path
  FROM touched AS t
  JOIN changed_paths AS c ON c.repository = t.repository AND c.path = t.path
  WHERE c.work_type <> 'vendored' AND (c.work_type <> 'build' OR regexp_matches(lower(t.path), '\.(cmake|bzl)$'))
),

said AS (
  SELECT DISTINCT repository, 'subject' AS kind, unnest(string_split(words, ' ')) AS written, alias_id FROM subjects
  UNION ALL
  SELECT DISTINCT repository, 'path', unnest(string_split(path, '/')), alias_id FROM paths
),

-- From here each word is read once, however many people use it
bare AS (
  SELECT
    kind,
    written,
    regexp_replace(
      regexp_replace(written, '^[_.+-]+|[_.+-]+$', '', 'g'),
      '\.(py|pyi|cc|cpp|c|h|hpp|cu|cuh|md|rst|txt|yaml|yml|json|toml|js|ts|go|rs|sh|ipynb|proto|td|mlir|cmake|html|css)$',
      ''
    ) AS word
  FROM (SELECT DISTINCT kind, written FROM said WHERE kind = 'subject')
),

terms AS (
  SELECT
    kind,
    written,
    CASE
      WHEN length(word) < 4 OR NOT regexp_matches(word, '([^aious]|pu)s$') OR word IN ('kubernetes', 'series') THEN word
      WHEN regexp_matches(word, '(ss|x|[^a]ch|sh)es$') THEN left(word, length(word) - 2)
      WHEN regexp_matches(word, 'ies$') THEN concat(left(word, length(word) - 3), 'y')
      ELSE left(word, length(word) - 1)
    END AS term
  FROM bare
  UNION ALL
  SELECT
    kind,
    written,
    CASE
      WHEN contains(written, 'test') THEN regexp_replace(written, '^(unit)?tests?_|_(unit)?tests?$', '')
      ELSE written
    END
  FROM (SELECT DISTINCT kind, written FROM said WHERE kind = 'path')
),

kept AS (
  SELECT t.kind, t.written, t.term, translate(t.term, '_.+-', '') AS letters
  FROM terms AS t
  LEFT JOIN stop_words AS s ON s.kind = t.kind AND s.word = t.term
  WHERE s.word IS NULL
    AND length(t.term) BETWEEN 3 AND 40
    AND regexp_matches(t.term, '^([a-z]|[0-9_][0-9_.+-]*[a-z])[a-z0-9_.+-]*$')
    AND NOT regexp_matches(t.term, '^(v?[0-9]+[._][0-9].*|(gh|issue|pr)[_-]?[0-9]+|0x[0-9a-f]+|[0-9a-f]{7,40}|readme.*)$')
),

called AS (
  SELECT repository, lower(repository) AS name FROM tracked_repositories
  UNION
  SELECT repository, lower(unnest(former_names)) FROM tracked_repositories
),

-- A repository's own words are the parts of its names, in the singular too, and longer stretches of them
own_parts AS (
  SELECT repository, unnest(string_split(regexp_replace(name, '[/_.-]', ' ', 'g'), ' ')) AS word FROM called
),

own_words AS (
  SELECT repository, word FROM own_parts
  UNION
  SELECT repository, regexp_replace(word, 's$', '') FROM own_parts
),

own_names AS (
  SELECT repository, string_agg(DISTINCT translate(split_part(name, '/', 2), '_.-', ''), ' ') AS letters
  FROM called
  GROUP BY repository
),

used AS (
  SELECT DISTINCT s.repository, s.kind, k.term, s.alias_id
  FROM said AS s
  JOIN kept AS k ON k.kind = s.kind AND k.written = s.written
  JOIN own_names AS n ON n.repository = s.repository
  LEFT JOIN own_words AS o ON o.repository = s.repository AND o.word = k.term
  WHERE o.word IS NULL AND NOT (length(k.letters) >= 6 AND contains(n.letters, k.letters))
  UNION ALL
  SELECT DISTINCT repository, 'subject', '', alias_id FROM counted
  UNION ALL
  SELECT DISTINCT repository, 'path', '', alias_id FROM counted WHERE changes IS NOT NULL
)

SELECT repository, kind, term, alias_id FROM used
