"""What people read: sentences and tables, apart from the decisions they report."""
