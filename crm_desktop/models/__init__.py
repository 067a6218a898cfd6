"""What the data is: catalogue, tables, back ends, migrations. No Qt, no services."""
