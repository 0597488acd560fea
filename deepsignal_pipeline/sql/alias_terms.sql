-- Which terms each alias used: words of subjects, names of folders and files that its commits changed.
--
-- Grain: quarter x repository x kind x term x alias. Only counted commits. A subject loses addresses and links, its
-- conventional-commit prefix with the scope (it rises when a project begins to write scopes), labels like [skip_ci] that
-- steer automation, what stands before a slash at its beginning or after "from" or "branch" (the owner of a branch),
-- numbers, hashes, versions and endings of files; a regular plural becomes singular. A path is cut into its folders, except
-- hidden ones, and the file's name without its ending; `test` before or after a name goes. Commits over 50 paths (moves,
-- formatting, drops of foreign code), vendored paths and those of the build leave no terms, except the parts of a build
-- that stand in files of their own (.cmake, .bzl): they are named by what is built. Both kinds lose words that say nothing
-- (domain/focus_words.py), compounds of nothing else (model_config), helpers and utilities, and the repository's own names,
-- also with such words around them. A usual short form counts as the name (trt, tensorrt). An alias has the empty term of a
-- kind too, where anything of that kind is recorded: where a source recorded no paths there is none.
WITH counted AS (
  SELECT repository, sha, alias_id, path_count FROM counted_commits WHERE is_counted
),

-- An alias in a repository, and a path, as numbers: as texts beside every word they would fill the memory of a large quarter
users AS MATERIALIZED (
  SELECT repository, alias_id, has_paths, row_number() OVER () AS user_number
  FROM (
    SELECT repository, alias_id, bool_or(path_count IS NOT NULL) AS has_paths FROM counted GROUP BY repository, alias_id
  )
),

paths AS MATERIALIZED (
  SELECT repository, path, row_number() OVER () AS path_number
  FROM changed_paths
  WHERE work_type <> 'vendored' AND (work_type <> 'build' OR regexp_matches(lower(path), '\.(cmake|bzl)$'))
),

commits AS (
  SELECT c.repository, c.sha, u.user_number
  FROM counted AS c
  JOIN users AS u ON u.repository = c.repository AND u.alias_id = c.alias_id
),

subjects AS (
  SELECT DISTINCT
    c.user_number,
    regexp_replace(
      regexp_replace(
        regexp_replace(
          regexp_replace(lower(r.subject), '[^ ]*(://|@)[^ ]*|\[[a-z0-9]+(_[a-z0-9]+)+\]', ' ', 'g'),
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
  FROM raw_commits AS r
  JOIN commits AS c ON c.repository = r.repository AND c.sha = r.sha
),

changed AS (
  SELECT c.repository, c.user_number, unnest(r.changes) AS change
  FROM raw_commits AS r
  JOIN commits AS c ON c.repository = r.repository AND c.sha = r.sha
  WHERE array_length(r.changes) <= 50
),

touched AS (
  SELECT DISTINCT c.user_number, p.path_number
  FROM changed AS c
  JOIN paths AS p ON p.repository = c.repository AND p.path = c.change.path
),

parts AS (
  SELECT DISTINCT path_number, unnest(string_split(regexp_replace(lower(path), '\.[^./]*$', ''), '/')) AS written FROM paths
),

said AS (
  SELECT DISTINCT 'subject' AS kind, unnest(string_split(words, ' ')) AS written, user_number FROM subjects
  UNION ALL
  SELECT DISTINCT 'path', p.written, t.user_number
  FROM touched AS t
  JOIN parts AS p ON p.path_number = t.path_number
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
  UNION ALL
  SELECT
    kind,
    written,
    CASE
      WHEN contains(written, '_') THEN regexp_replace(trim(written, '_'), '^(unit)?tests?_|_(unit)?tests?$', '')
      ELSE written
    END
  FROM (SELECT DISTINCT kind, written FROM said WHERE kind = 'path')
),

word_parts AS (
  SELECT word, unnest(string_split(translate(word, '.+-', '___'), '_')) AS part
  FROM (SELECT DISTINCT word FROM bare WHERE length(word) BETWEEN 3 AND 40 AND regexp_matches(word, '[_.+-]'))
),

-- A compound and its last part lose the same ending: what a term is made of is told by the term
singulars AS (
  SELECT
    word,
    is_part,
    CASE
      WHEN length(word) < 4 AND NOT is_part THEN word
      WHEN NOT regexp_matches(word, '([^aious]|pu)s$') OR regexp_matches(word, '(^|[_.+-])(kubernetes|series)$') THEN word
      WHEN regexp_matches(word, '(ss|x|[^a]ch|sh)es$') THEN left(word, length(word) - 2)
      WHEN regexp_matches(word, 'ies$') THEN concat(left(word, length(word) - 3), 'y')
      ELSE left(word, length(word) - 1)
    END AS singular
  FROM (SELECT word, FALSE AS is_part FROM bare UNION SELECT part, TRUE FROM word_parts)
),

-- How many parts of a compound say something, and the only one that does. A letter and a number that files are ordered by
-- (00_setting_up) say nothing, 4-bit does
compounds AS (
  SELECT p.word, count(*) AS saying, CASE count(*) WHEN 1 THEN min(i.singular) END AS only_part
  FROM word_parts AS p
  JOIN singulars AS i ON i.is_part AND i.word = p.part
  LEFT JOIN stop_words AS s ON s.kind = 'part' AND s.word = i.singular
  WHERE s.word IS NULL AND NOT regexp_matches(i.singular, '^([a-z]?|0[0-9]*)$')
  GROUP BY p.word
),

terms AS (
  SELECT
    b.kind,
    b.written,
    i.singular,
    CASE b.kind WHEN 'path' THEN b.word ELSE i.singular END AS term,
    NOT regexp_matches(b.word, '[_.+-]') OR c.saying > 0 AS says_something,
    c.only_part
  FROM bare AS b
  JOIN singulars AS i ON NOT i.is_part AND i.word = b.word
  LEFT JOIN compounds AS c ON c.word = b.word
),

kept AS (
  SELECT t.kind, t.written, coalesce(f.name, t.term) AS term, coalesce(t.only_part, f.name, t.term) AS core
  FROM terms AS t
  LEFT JOIN stop_words AS s ON s.kind = t.kind AND s.word = t.singular
  LEFT JOIN short_forms AS f ON f.short = t.singular
  WHERE s.word IS NULL
    AND t.says_something
    AND length(t.term) BETWEEN 3 AND 40
    AND regexp_matches(t.term, '^([a-z]|[0-9_][0-9_.+-]*[a-z])[a-z0-9_.+-]*$')
    AND NOT regexp_matches(
      t.term, '^(v?[0-9]+[._]([0-9].*|x)|(gh|issue|pr)[_-]?[0-9]+|0x[0-9a-f]+|[0-9a-f]{7,40}|readme.*|.*(helper|util)s?([_.-].*)?)$'
    )
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
  SELECT DISTINCT s.user_number, s.kind, k.term, k.core
  FROM said AS s
  JOIN kept AS k ON k.kind = s.kind AND k.written = s.written
),

told AS (
  SELECT u.repository, s.kind, s.term, u.alias_id
  FROM used AS s
  JOIN users AS u ON u.user_number = s.user_number
  JOIN own_names AS n ON n.repository = u.repository
  LEFT JOIN own_words AS o ON o.repository = u.repository AND o.word = s.core
  WHERE o.word IS NULL
    AND NOT (length(translate(s.term, '_.+-', '')) >= 6 AND contains(n.letters, translate(s.term, '_.+-', '')))
  UNION ALL
  SELECT repository, 'subject', '', alias_id FROM users
  UNION ALL
  SELECT repository, 'path', '', alias_id FROM users WHERE has_paths
)

SELECT repository, kind, term, alias_id FROM told
