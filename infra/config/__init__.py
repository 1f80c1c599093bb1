"""What differs between environments, as data: sizes, tables, variables, addresses."""
