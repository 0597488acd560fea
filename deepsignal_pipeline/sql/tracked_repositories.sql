-- The catalogue as a table.
--
-- Grain: repository. Made from content/catalogue/*.yaml, which people edit and which is refused as a whole if any line
-- of it is wrong. `tracked_from` and `tracked_to` are empty (always) unless a person wrote them.
SELECT
  repository,
  category,
  category_name,
  category_order,
  catalogue_order,
  former_names,
  created,
  fork_of,
  fork_depth,
  tracked_from,
  tracked_to,
  verified,
  notes
FROM catalogue_entries
