-- Which terms each alias used: words of subjects, names of folders and files that its commits changed.
--
-- Grain: quarter x repository x kind x term x alias. Only counted commits. A subject loses addresses and links, its
-- conventional-commit prefix (the scope stays), what stands before a slash at its beginning or after "from" or "branch"
-- (the owner of a branch), numbers, hashes, versions and endings of files; a regular plural becomes singular. A path is cut
-- into its folders and the file's name without its ending. Both lose words that say nothing (domain/focus_words.py) and the
-- repository's own names. Where a source recorded no paths there are no terms of that kind.
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
          regexp_replace(lower(subject), '[^ ]*(://|@)[^ ]*', ' ', 'g'),
          '^(feat|fix|chore|docs?|ci|tests?|refactor|perf|style|build|revert|misc|release)(\(([^)]*)\))?!?:',
          ' \3 '
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

said AS (
  SELECT DISTINCT repository, alias_id, unnest(string_split(words, ' ')) AS raw_word FROM subjects
),

-- Each word is read once, however many people say it
bare AS (
  SELECT
    raw_word,
    regexp_replace(
      regexp_replace(raw_word, '^[_.+-]+|[_.+-]+$', '', 'g'),
      '\.(py|pyi|cc|cpp|c|h|hpp|cu|cuh|md|rst|txt|yaml|yml|json|toml|js|ts|go|rs|sh|ipynb|proto|td|mlir|cmake|html|css)$',
      ''
    ) AS word
  FROM (SELECT DISTINCT raw_word FROM said)
),

singular AS (
  SELECT
    raw_word,
    CASE
      WHEN length(word) < 5 OR NOT regexp_matches(word, '[^aious]s$') OR word IN ('kubernetes', 'series') THEN word
      WHEN regexp_matches(word, '(ss|x|ch|sh)es$') THEN left(word, length(word) - 2)
      WHEN regexp_matches(word, 'ies$') THEN concat(left(word, length(word) - 3), 'y')
      ELSE left(word, length(word) - 1)
    END AS word
  FROM bare
),

spoken AS (
  SELECT DISTINCT s.repository, 'subject' AS kind, w.word AS term, s.alias_id
  FROM said AS s
  JOIN singular AS w ON w.raw_word = s.raw_word
),

paths AS (
  SELECT DISTINCT repository, alias_id, change.path AS path
  FROM (SELECT repository, alias_id, unnest(changes) AS change FROM counted)
),

touched AS (
  SELECT DISTINCT
    repository,
    'path' AS kind,
    unnest(string_split(regexp_replace(lower(path), '\.[^/]*$', ''), '/')) AS term,
    alias_id
  FROM paths
),

terms AS (
  SELECT * FROM spoken
  UNION ALL
  SELECT * FROM touched
),

called AS (
  SELECT repository, lower(repository) AS name FROM tracked_repositories
  UNION
  SELECT repository, lower(unnest(former_names)) FROM tracked_repositories
),

-- The parts of a repository's names, and the name in one piece
own_words AS (
  SELECT repository, unnest(string_split(regexp_replace(name, '[/_.-]', ' ', 'g'), ' ')) AS word FROM called
  UNION
  SELECT repository, translate(split_part(name, '/', 2), '_.-', '') FROM called
),

own AS (
  SELECT repository, word FROM own_words
  UNION
  SELECT repository, regexp_replace(word, 's$', '') FROM own_words
)

SELECT t.repository, t.kind, t.term, t.alias_id
FROM terms AS t
LEFT JOIN stop_words AS s ON s.kind = t.kind AND s.word = t.term
LEFT JOIN own AS o ON o.repository = t.repository AND o.word = translate(t.term, '_.+-', '')
WHERE s.word IS NULL
  AND o.word IS NULL
  AND length(t.term) BETWEEN 3 AND 40
  AND regexp_matches(t.term, '^[a-z0-9_.+-]*[a-z][a-z0-9_.+-]*$')
  AND NOT regexp_matches(t.term, '^(v?[0-9]+[._][0-9].*|(gh|issue|pr)[_-]?[0-9]+)$')
  AND NOT (length(t.term) >= 7 AND regexp_matches(t.term, '^[0-9a-f]*[0-9][0-9a-f]*$'))
