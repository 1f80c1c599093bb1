"""What crosses a boundary or is stored, parsed and typed."""
