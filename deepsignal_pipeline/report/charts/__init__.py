"""The charts of an edition: one module a chart, each a function from rows and a look to a drawn canvas."""
